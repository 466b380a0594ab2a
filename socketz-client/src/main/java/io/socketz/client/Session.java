package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a client: the server that is looked for, found and lost, and the requests meanwhile. Owned by the
 * client's thread, which says when a turn begins, what is asked, and that the connection is ready.
 *
 * <pre>{@code
 *              all tried                 wait is over
 *   SEEKING -------------> WAITING ---------------------> SEEKING
 *
 *              a name                       found
 *   SEEKING -------------> LOOKING_UP ------------------> SEEKING, with its addresses
 *
 *              an address                greeting and id                    lost
 *   SEEKING -------------> CONNECTING -------------------> READY -------------------------> WAITING
 *      ^                       |
 *      +----- failed, late ----+
 *
 *   any -- close, answered QUIT, first round failed, lost without reconnect --> ENDED
 * }</pre>
 */
final class Session implements Lookups.Listener {
    private enum Phase {
        SEEKING,
        LOOKING_UP,
        CONNECTING,
        READY,
        WAITING,
        ENDED
    }

    private static final int INPUT_SIZE = 64 << 10;

    private final Settings settings;
    private final ClientListener listener;
    private final Room room;
    private final Selector selector;
    private final Thread clientThread;
    private final Runnable onConnected;
    private final Consumer<SocketzException> onNotConnected;

    /** Why it has ended; null until then. Read by any thread. */
    private volatile @Nullable SocketzException end;

    /** The server of the moment. Read by any thread. */
    private volatile @Nullable Server server;

    private final byte[] input = new byte[INPUT_SIZE];
    private final Search search;
    private final ReconnectDelay backoff;
    private final PendingRequests pending;
    private final Lookups lookups;

    /** What was tried in vain before the first connection. */
    private final List<Attempt> attempts = new ArrayList<>();

    private Phase phase = Phase.SEEKING;

    /** Whether the first connection has not come about. */
    private boolean first = true;

    /** The request that ends the session, once there is one. */
    private @Nullable PendingRequest<?> quit;

    /** When this turn began, as {@link System#nanoTime}. */
    private long now;

    /** Of the phase, if it has one. */
    private long deadline;

    private long readySince;

    /** What is tried, or is connected. */
    private @Nullable Candidate candidate;

    private @Nullable ServerConnection connection;

    /** The last server there was. */
    private @Nullable Server before;

    /** The last one since that. */
    private @Nullable Attempt lastAttempt;

    /**
     * A session that has not begun.
     *
     * @param executor runs on the client's thread what is found out elsewhere
     * @param onConnected is called at the first connection, on the client's thread
     * @param onNotConnected is called if there is none
     */
    Session(
            Settings settings,
            Room room,
            Selector selector,
            Executor executor,
            Thread clientThread,
            Runnable onConnected,
            Consumer<SocketzException> onNotConnected) {
        this.settings = settings;
        this.listener = new GuardedClientListener(settings.listener());
        this.room = room;
        this.selector = selector;
        this.clientThread = clientThread;
        this.onConnected = onConnected;
        this.onNotConnected = onNotConnected;
        Random random = new Random(settings.seed());
        this.search = new Search(settings.places(), settings.shuffle(), random);
        this.backoff = new ReconnectDelay(settings.backoffMin(), settings.backoffMax(), random);
        this.pending = new PendingRequests(settings.requestTimeout(), room);
        this.lookups = new Lookups(settings.resolver(), executor, this);
        search.begin();
    }

    Optional<Server> server() {
        return Optional.ofNullable(server);
    }

    /** Why it has ended; null until then. */
    @Nullable
    SocketzException end() {
        return end;
    }

    /** A turn of the client's thread begins. */
    void beginTurn(long now) {
        this.now = now;
    }

    /** Does what can be done now: tries addresses, and sends all that has gathered in one write. */
    void endTurn() {
        // A callback may have left that, and no channel stands it.
        var unused = Thread.interrupted();
        do {
            if (phase == Phase.SEEKING) {
                seek();
            }
            flush();
        } while (phase == Phase.SEEKING);
    }

    /** Nanoseconds until something is due, or -1 if nothing is. */
    long untilNext() {
        long request = pending.untilNext(now);
        if (phase == Phase.READY && !pending.isLate() && (settings.pingInterval() == 0 || !pending.isEmpty())) {
            return request;
        }
        long next = phase != Phase.READY ? deadline : pending.isLate() ? silentFrom() : nextPing();
        long rest = Math.max(0, next - now);
        return request < 0 ? rest : Math.min(request, rest);
    }

    /** A request; its room is taken. When the session has ended, and so only refuses, from any thread. */
    void onAsked(PendingRequest<?> request) {
        SocketzException ended = end;
        if (ended != null || quit != null) {
            room.onSent(request.bytes.length);
            room.leave();
            request.fail(ended == null ? closed() : ended);
            return;
        }
        pending.add(request, now);
        if (request.quits()) {
            quit = request;
            if (phase != Phase.READY) {
                onEnd(closed());
            }
        }
    }

    /** Whatever is due. */
    void onTime() {
        boolean late = expire();
        ServerConnection current = connection;
        if (phase == Phase.READY && current != null) {
            // Also when nothing is asked any more: a ping waits until all replies have come.
            if ((late || pending.isLate()) && silentFrom() - now <= 0) {
                onLost(current, new SocketzException(Reason.CONNECTION_LOST, "the server is silent"));
            } else if (quit != null && quit.answer.isDone()) {
                onEnd(closed());
            } else {
                ping();
            }
        } else if (phase != Phase.SEEKING && phase != Phase.ENDED && deadline - now <= 0) {
            onDeadline();
        }
    }

    /** Ends it, unless it has ended. */
    void close() {
        if (end == null) {
            onEnd(closed());
        }
    }

    void onDefect(Throwable e) {
        onEnd(new SocketzException(Reason.CLOSED, "internal error: " + e, e));
    }

    static SocketzException closed() {
        return new SocketzException(Reason.CLOSED, "the client is closed");
    }

    // ---- Finding a server.

    /** Begins to try the next address. */
    private void seek() {
        Candidate next = search.next();
        candidate = next;
        deadline = now + settings.connectTimeout();
        Optional<InetSocketAddress> target = next.target();
        if (target.isEmpty()) {
            phase = Phase.LOOKING_UP;
            lookups.begin(next.asked().host());
            return;
        }
        phase = Phase.CONNECTING;
        try {
            connection = new ServerConnection(next, target.get(), selector, pending, settings.maxReplyLine());
        } catch (IOException | RuntimeException e) {
            String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            onAttemptFailed(next, new SocketzException(Reason.CONNECT_FAILED, message, e));
        }
    }

    @Override
    public void onFound(String host, List<InetAddress> addresses) {
        if (isLookedUp(host) && candidate != null) {
            search.onFound(candidate.asked(), addresses);
            phase = Phase.SEEKING;
        }
    }

    @Override
    public void onUnknown(String host, SocketzException e) {
        if (isLookedUp(host) && candidate != null) {
            onAttemptFailed(candidate, e);
        }
    }

    /** Whether it is the one that is waited for: perhaps its time was up. */
    private boolean isLookedUp(String host) {
        return phase == Phase.LOOKING_UP
                && candidate != null
                && candidate.asked().host().equals(host);
    }

    private void onAttemptFailed(Candidate tried, SocketzException failure) {
        if (tried.address().isEmpty() || (connection != null && connection.isEstablished())) {
            search.skipOtherPorts();
        }
        discardConnection();
        Attempt attempt = new Attempt(tried.asked(), tried.target(), failure);
        lastAttempt = attempt;
        if (first) {
            attempts.add(attempt);
        }
        if (search.hasNext()) {
            phase = Phase.SEEKING;
            listener.onAttemptFailed(attempt, Optional.of(Duration.ZERO));
        } else if (first) {
            listener.onAttemptFailed(attempt, Optional.empty());
            onEnd(SocketzException.connectFailed(attempts));
        } else {
            search.begin();
            long wait = rest();
            listener.onAttemptFailed(attempt, Optional.of(Duration.ofNanos(wait)));
        }
    }

    /** Waits before the next round. */
    private long rest() {
        long wait = backoff.next();
        deadline = now + wait;
        phase = Phase.WAITING;
        return wait;
    }

    // ---- The connection.

    /** The kernel has something for the connection. */
    void onConnectionReady() {
        ServerConnection current = connection;
        if (current == null) {
            return;
        }
        try {
            current.onReady(input, now);
            Server found = current.server();
            if (phase == Phase.CONNECTING && found != null) {
                onReady(found);
            }
        } catch (SocketzException e) {
            onBroken(current, e);
        }
    }

    /** One write for all that has gathered. */
    private void flush() {
        ServerConnection current = connection;
        if (current != null) {
            try {
                current.flush();
            } catch (SocketzException e) {
                onBroken(current, e);
            }
        }
    }

    private void onReady(Server found) {
        phase = Phase.READY;
        readySince = now;
        attempts.clear();
        lastAttempt = null;
        Optional<Server> previous = Optional.ofNullable(before);
        before = found;
        server = found;
        listener.onConnected(found, previous);
        if (first) {
            first = false;
            onConnected.run();
        }
    }

    private void onBroken(ServerConnection broken, SocketzException e) {
        if (phase == Phase.READY) {
            onLost(broken, e);
        } else {
            onAttemptFailed(broken.candidate(), e);
        }
    }

    private void onLost(ServerConnection lost, SocketzException e) {
        discardConnection();
        backoff.onLost(now - readySince);
        search.beginWithout(lost.candidate());
        boolean ends = quit != null || !settings.reconnect();
        if (!ends) {
            rest();
        }
        onDisconnected(e);
        if (ends) {
            onEnd(
                    quit != null
                            ? closed()
                            : new SocketzException(Reason.NOT_CONNECTED, "the connection was lost: " + e.getMessage()));
        }
    }

    /** Tells those who are concerned. */
    private void onDisconnected(SocketzException e) {
        Server gone = server;
        server = null;
        if (gone != null) {
            listener.onDisconnected(gone, e);
        }
        pending.lose().forEach(request -> fail(request, e));
    }

    private void discardConnection() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    // ---- Time.

    /** Whether the time of a request was up. */
    private boolean expire() {
        List<PendingRequest<?>> late = pending.expire(now);
        for (PendingRequest<?> request : late) {
            request.fail(
                    phase == Phase.READY
                            ? new SocketzException(Reason.REQUEST_TIMEOUT, "no reply in time")
                            : new SocketzException(
                                    Reason.NOT_CONNECTED,
                                    "no server in time" + (lastAttempt == null ? "" : ": " + lastAttempt)));
        }
        return !late.isEmpty();
    }

    /** Sends a request of its own when nothing was heard for long: this shows whether the server is gone. */
    private void ping() {
        if (settings.pingInterval() > 0 && pending.isEmpty() && nextPing() - now <= 0) {
            Command why = BuiltInCommands.WHY.command();
            PendingRequest<List<Reply>> ping =
                    new PendingRequest<>(why, why.toBytes(), true, Function.identity(), clientThread);
            // Where there is no room, others ask.
            if (room.enter(ping.bytes.length)) {
                pending.add(ping, now);
            }
        }
    }

    private long nextPing() {
        return heard() + settings.pingInterval();
    }

    /** When the server is given up if replies are late and nothing comes until then. */
    private long silentFrom() {
        return heard() + settings.requestTimeout();
    }

    private long heard() {
        return connection == null ? now : connection.heard();
    }

    private void onDeadline() {
        Candidate tried = candidate;
        if (phase == Phase.WAITING) {
            phase = Phase.SEEKING;
        } else if (tried != null) {
            String missing = connection == null ? "address for that name" : connection.missing();
            onAttemptFailed(tried, new SocketzException(Reason.CONNECT_TIMEOUT, "no " + missing + " in time"));
        }
    }

    // ---- The end.

    private void onEnd(SocketzException why) {
        phase = Phase.ENDED;
        end = why;
        discardConnection();
        onDisconnected(why);
        pending.loseAll().forEach(request -> fail(request, why));
        if (first) {
            first = false;
            onNotConnected.accept(why);
        }
    }

    /** The end of the connection is what a {@code QUIT} asked for. */
    private static void fail(PendingRequest<?> request, SocketzException e) {
        if (request.quits()) {
            request.onQuit();
        } else {
            request.fail(e);
        }
    }
}
