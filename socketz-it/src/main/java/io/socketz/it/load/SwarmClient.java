package io.socketz.it.load;

import io.socketz.protocol.reply.Reply;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client of a swarm, on its own thread.
 *
 * <pre>{@code
 *  AWAY --connects--> WAITING --is greeted--> ASKING <---> RESTING
 *   ^ ^                  |                      |             |
 *   | +---refused--------+                      |             |
 *   +-------------leaves, or loses the connection-------------+
 * }</pre>
 */
final class SwarmClient implements Runnable {
    private static final int REST_MILLIS = 1_000;
    private static final int AWAY_MILLIS = 500;
    private static final int RETRY_MILLIS = 100;

    /** On average, it leaves after this many requests, and comes back. */
    private static final int QUESTIONS = 10;

    private final int number;
    private final Swarm swarm;
    private final Random random;

    /** Its state. Written by its thread, read by any. */
    private volatile @Nullable Seat seat;

    /** Whether an answer is due. Of its thread. */
    private boolean asked;

    /** When it last asked what was answered, by {@link System#nanoTime}: it was connected then. Of its thread. */
    private long servedAt;

    /** When it last began to wait for the server, by {@link System#nanoTime}. Of its thread. */
    private long askedAt;

    /**
     * A connection that was greeted.
     *
     * @param server null until it has been asked
     */
    record Seat(String address, @Nullable UUID server) {}

    SwarmClient(int number, Swarm swarm, Random random) {
        this.number = number;
        this.swarm = swarm;
        this.random = random;
    }

    @Nullable
    Seat seat() {
        return seat;
    }

    @Override
    public void run() {
        try {
            while (!swarm.isClosed()) {
                Incident.Kind reason = visit();
                Thread.sleep(
                        reason == null || reason == Incident.Kind.REFUSED
                                ? AWAY_MILLIS / 2 + random.nextInt(AWAY_MILLIS)
                                : random.nextInt(RETRY_MILLIS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end of the swarm
        }
    }

    /** Returns why the connection ended; null if the client left by choice. */
    private Incident.@Nullable Kind visit() {
        beginToWait();
        Recorder recorder = new Recorder();
        try (recorder;
                Conversation conversation = Conversation.connect(swarm.port(), Swarm.PATIENCE)) {
            recorder.address = conversation.address();
            conversation.awaitGreeting();
            recorder.onGreeted();
            swarm.onConnect();
            seat = new Seat(conversation.address(), null);
            beginToWait();
            UUID server = conversation.where();
            seat = new Seat(conversation.address(), server);
            recorder.server = server;
            while (!swarm.isClosed() && !(swarm.wanders() && random.nextInt(QUESTIONS) == 0)) {
                beginToWait();
                ask(conversation, server);
                servedAt = askedAt;
                swarm.onAnswer();
                asked = false;
                conversation.rest(REST_MILLIS / 2 + random.nextInt(REST_MILLIS));
            }
            seat = null;
            beginToWait();
            recorder.leavingAt = askedAt;
            if (random.nextBoolean() && conversation.quit()) {
                recorder.goneAt = System.nanoTime();
            }
            return null;
        } catch (IOException e) {
            Seat lost = seat;
            seat = null;
            Incident.Kind kind = kind(e, lost);
            UUID server = lost == null ? null : lost.server();
            long now = System.nanoTime();
            Duration waited = Duration.ofNanos(now - askedAt);
            swarm.onIncident(new Incident(number, now, kind, server, waited, String.valueOf(e.getMessage())));
            return kind;
        }
    }

    /** Records the visit when it is over. */
    private final class Recorder implements AutoCloseable {
        private final long connectAt = askedAt;
        private long greetedAt = PresenceHistory.NEVER_NANOS;

        /** When it began to leave, if it was by choice. */
        private long leavingAt = PresenceHistory.NEVER_NANOS;

        private long goneAt = PresenceHistory.NEVER_NANOS;
        private @Nullable String address;
        private @Nullable UUID server;

        void onGreeted() {
            greetedAt = System.nanoTime();
            servedAt = connectAt;
        }

        @Override
        public void close() {
            if (address != null) { // otherwise nobody has heard of it
                boolean lost = leavingAt == PresenceHistory.NEVER_NANOS;
                long left = greetedAt == PresenceHistory.NEVER_NANOS ? connectAt : lost ? servedAt : leavingAt;
                swarm.history().add(new PresenceHistory.Visit(address, server, connectAt, greetedAt, left, goneAt));
            }
        }
    }

    private void beginToWait() {
        asked = true;
        askedAt = System.nanoTime();
    }

    private void ask(Conversation conversation, UUID server) throws IOException {
        switch (random.nextInt(3)) {
            case 0 -> conversation.why();
            case 1 -> {
                UUID id = conversation.where();
                if (!id.equals(server)) {
                    throw new WrongAnswerException("on " + server + ", then on " + id);
                }
            }
            default -> {
                Reply.ClientList list = conversation.who();
                if (!list.clients().contains(conversation.address())) {
                    throw new WrongAnswerException("WHO without its asker, " + conversation.address());
                }
            }
        }
    }

    private Incident.Kind kind(Exception e, @Nullable Seat lost) {
        if (e instanceof WrongAnswerException) {
            return Incident.Kind.WRONG;
        }
        if (e instanceof SocketTimeoutException) {
            return Incident.Kind.SILENCE;
        }
        if (e instanceof ConnectException) {
            return Incident.Kind.REFUSED;
        }
        if (lost == null) {
            return Incident.Kind.TURNED_AWAY;
        }
        return !(e instanceof EOFException)
                ? Incident.Kind.RESET
                : asked ? Incident.Kind.CLOSED_UNANSWERED : Incident.Kind.CLOSED;
    }
}
