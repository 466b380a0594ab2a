package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One thread, one selector, and the connection they own. A turn of the loop: what is ready, what other threads asked for,
 * what is due; then one write for all that has gathered.
 *
 * <pre>
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
 * </pre>
 */
final class ClientLoop implements Executor, Lookups.Listener {
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
    private final Thread thread;
    private final Runnable onConnected;
    private final Consumer<SocketzException> onNotConnected;

    /** What was asked and not taken up; bounded by {@link Room}. */
    private final Queue<Question<?>> asked = new ConcurrentLinkedQueue<>();

    /** Bounded by its producers: a look-up for each name. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Whether the selector was woken for what is in the queues. */
    private final AtomicBoolean woken = new AtomicBoolean();

    /** Set once, by any thread. */
    private volatile boolean closing;

    /** Why the client has ended; null until then. Set by the loop. */
    private volatile @Nullable SocketzException end;

    /** The server of the moment. Set by the loop. */
    private volatile @Nullable Server server;

    // From here on, everything is owned by the loop's thread.

    private final byte[] input = new byte[INPUT_SIZE];
    private final Search search;
    private final Backoff backoff;
    private final Pending pending;
    private final Lookups lookups;

    /** What was tried in vain in this round. */
    private final List<Attempt> attempts = new ArrayList<>();

    private Phase phase = Phase.SEEKING;

    /** Whether the first connection has not come about. */
    private boolean first = true;

    /** The request that ends the session, once there is one. */
    private @Nullable Question<?> quit;

    /** Of the phase, if it has one. */
    private long deadline;

    private long readySince;
    private @Nullable Candidate candidate;
    private @Nullable Connection connection;
    private @Nullable Server before;
    private long now;

    /**
     * A loop that has not started.
     *
     * @param onConnected is called at the first connection, on the loop's thread
     * @param onNotConnected is called if there is none
     */
    ClientLoop(Settings settings, Runnable onConnected, Consumer<SocketzException> onNotConnected) throws IOException {
        this.settings = settings;
        this.listener = new GuardedListener(settings.listener());
        this.room = new Room(settings.maxPending());
        this.onConnected = onConnected;
        this.onNotConnected = onNotConnected;
        Random random = new Random(settings.seed());
        this.search = new Search(settings.addresses(), settings.shuffle(), random);
        this.backoff = new Backoff(settings.backoffMin(), settings.backoffMax(), random);
        this.pending = new Pending(settings.requestTimeout(), room);
        this.lookups = new Lookups(settings.resolver(), this, this);
        this.selector = Selector.open();
        this.thread = new Thread(this::run, "socketz-client");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    Thread thread() {
        return thread;
    }

    Optional<Server> server() {
        return Optional.ofNullable(server);
    }

    boolean hasEnded() {
        return end != null;
    }

    int requests() {
        return room.requests();
    }

    /** Asks, from any thread; fails the question if there is no room for it. */
    void ask(Question<?> question) {
        if (closing) {
            question.fail(closed());
            return;
        }
        if (!room.enter(question.bytes.length)) {
            question.fail(new SocketzException(
                    Reason.TOO_MANY_PENDING,
                    "more than " + settings.maxPending() + " requests, or " + Room.MAX_BYTES
                            + " bytes of them, are waiting"));
            return;
        }
        asked.add(question);
        wake();
        // The loop may have ended before it could see this one.
        SocketzException ended = end;
        if (ended != null) {
            refuseAsked(ended);
        }
    }

    /** Runs {@code task} on the loop's thread, soon. From any thread. After the loop has ended, does nothing. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    /** Ends the loop, and waits for that on any thread but its own. */
    void close() {
        closing = true;
        wake();
        if (Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // It ends all the same.
                Thread.currentThread().interrupt();
            }
        }
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    private void run() {
        now = System.nanoTime();
        search.begin();
        try {
            while (phase != Phase.ENDED) {
                turn();
            }
        } catch (IOException | RuntimeException | Error e) {
            onEnd(new SocketzException(Reason.CLOSED, "internal error: " + e, e));
        } finally {
            try {
                selector.close();
            } catch (IOException e) {
                // It is of no more use anyway.
            }
        }
    }

    private void turn() throws IOException {
        while (phase == Phase.SEEKING) {
            seek();
            flush();
        }
        if (phase == Phase.ENDED) {
            return;
        }
        select();
        now = System.nanoTime();
        if (!selector.selectedKeys().isEmpty()) {
            selector.selectedKeys().clear();
            onConnectionReady();
        }
        if (woken.get()) {
            // Before the queues are looked at: what comes in while they are, wakes the selector again.
            woken.set(false);
            onAsked();
        }
        expire();
        ping();
        boolean hasQuit = quit != null && quit.answer.isDone();
        if ((closing || hasQuit) && phase != Phase.ENDED) {
            onEnd(closed());
        }
        flush();
    }

    private void select() throws IOException {
        long wait = untilNext();
        if (wait < 0) {
            selector.select();
        } else if (wait == 0) {
            selector.selectNow();
        } else {
            // Rounded up, lest the last fraction of a millisecond be spent on turns without anything to do.
            selector.select(TimeUnit.NANOSECONDS.toMillis(wait + 999_999));
        }
    }

    /** Nanoseconds until something is due, or -1 if nothing is. */
    private long untilNext() {
        long request = pending.untilNext(now);
        if (phase == Phase.READY && (settings.pingInterval() == 0 || !pending.isEmpty())) {
            return request;
        }
        long rest = Math.max(0, (phase == Phase.READY ? nextPing() : deadline) - now);
        return request < 0 ? rest : Math.min(request, rest);
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
            connection = new Connection(next, target.get(), selector, pending, settings.maxReplyLine());
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
        discardConnection();
        Attempt attempt = new Attempt(tried.asked(), tried.target(), failure);
        attempts.add(attempt);
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

    private void onConnectionReady() {
        Connection current = connection;
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
        Connection current = connection;
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
        Optional<Server> previous = Optional.ofNullable(before);
        before = found;
        server = found;
        listener.onConnected(found, previous);
        if (first) {
            first = false;
            onConnected.run();
        }
    }

    private void onBroken(Connection broken, SocketzException e) {
        if (phase == Phase.READY) {
            onLost(broken, e);
        } else {
            onAttemptFailed(broken.candidate(), e);
        }
    }

    private void onLost(Connection lost, SocketzException e) {
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
        pending.lose().forEach(question -> fail(question, e));
    }

    private void discardConnection() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    // ---- Requests.

    private void onAsked() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        for (Question<?> question = asked.poll(); question != null; question = asked.poll()) {
            if (phase == Phase.ENDED || quit != null) {
                refuse(question, end == null ? closed() : end);
                continue;
            }
            pending.add(question, now);
            if (question.quits) {
                onQuit(question);
            }
        }
    }

    private void onQuit(Question<?> question) {
        quit = question;
        if (phase != Phase.READY) {
            onEnd(closed());
        }
    }

    private void expire() {
        boolean late = false;
        for (Question<?> question : pending.expire(now)) {
            late = true;
            question.fail(
                    phase == Phase.READY
                            ? new SocketzException(Reason.REQUEST_TIMEOUT, "no reply in time")
                            : new SocketzException(Reason.NOT_CONNECTED, "no server in time" + lastAttempt()));
        }
        Connection current = connection;
        if (phase == Phase.READY && current != null && late) {
            if (now - current.heard() >= settings.requestTimeout()) {
                onLost(current, new SocketzException(Reason.CONNECTION_LOST, "the server is silent"));
            }
        } else if (phase != Phase.READY && phase != Phase.ENDED && deadline - now <= 0) {
            onDeadline();
        }
    }

    /** Asks a question of its own when nothing was to be heard for long: a server that is gone is then found out. */
    private void ping() {
        if (phase == Phase.READY && settings.pingInterval() > 0 && pending.isEmpty() && nextPing() - now <= 0) {
            Command why = new Command.Why();
            Question<List<Reply>> ping = new Question<>(why, why.toBytes(), false, true, Function.identity(), thread);
            // Where there is no room, others ask.
            if (room.enter(ping.bytes.length)) {
                pending.add(ping, now);
            }
        }
    }

    private long nextPing() {
        return (connection == null ? now : connection.heard()) + settings.pingInterval();
    }

    private void onDeadline() {
        Candidate tried = candidate;
        if (phase == Phase.WAITING) {
            attempts.clear();
            phase = Phase.SEEKING;
        } else if (tried != null) {
            String missing = connection == null ? "address for that name" : connection.missing();
            onAttemptFailed(tried, new SocketzException(Reason.CONNECT_TIMEOUT, "no " + missing + " in time"));
        }
    }

    private String lastAttempt() {
        return attempts.isEmpty() ? "" : ": " + attempts.get(attempts.size() - 1);
    }

    // ---- The end.

    private void onEnd(SocketzException why) {
        phase = Phase.ENDED;
        end = why;
        discardConnection();
        onDisconnected(why);
        pending.loseAll().forEach(question -> fail(question, why));
        if (first) {
            first = false;
            onNotConnected.accept(why);
        }
        refuseAsked(why);
    }

    /** The end of the connection is what a {@code QUIT} asked for. */
    private static void fail(Question<?> question, SocketzException e) {
        if (question.quits) {
            question.onQuit();
        } else {
            question.fail(e);
        }
    }

    private void refuseAsked(SocketzException ended) {
        for (Question<?> question = asked.poll(); question != null; question = asked.poll()) {
            refuse(question, ended);
        }
    }

    private void refuse(Question<?> question, SocketzException e) {
        room.onSent(question.bytes.length);
        room.leave();
        question.fail(e);
    }

    private static SocketzException closed() {
        return new SocketzException(Reason.CLOSED, "the client is closed");
    }
}
