package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The life of a client: passes from {@link ServerFinder} to {@link RequestPipeline} when a server is found, and back when it is
 * lost. Owned by the client's thread, which says when a turn begins, what is asked, and that the connection is ready.
 *
 * <pre>{@code
 *   FINDING -----> CONNECTED ------> FINDING -----> ...
 *            found             lost
 *
 *   FINDING -- close, QUIT, first round failed --> ENDED
 *   CONNECTED -- close, answered QUIT, lost without reconnect --> ENDED
 * }</pre>
 *
 * <p>CONNECTED is while {@link #server} is set, and ENDED when {@link #end} is.
 */
final class ClientLifecycle implements ServerFinder.SearchListener {
    private static final int INPUT_BYTES = 64 << 10;

    private final boolean reconnect;
    private final ClientListener listener;
    private final ClientCounters counters;
    private final ServerFinder finder;
    private final RequestPipeline pipeline;
    private final WatchRouter watches;
    private final RememberedToken token;
    private final Runnable onConnected;
    private final Consumer<SocketzException> onNotConnected;

    /** Why it has ended; null until then. Written by the client's thread, read by any. */
    private volatile @Nullable SocketzException end;

    /** The server that requests go to; null while there is none. Written by the client's thread, read by any. */
    private volatile @Nullable Server server;

    /** The last server there was; null before the first connection. */
    private @Nullable Server lastServer;

    /** What a read brings. */
    private final byte[] input = new byte[INPUT_BYTES];

    /** When this turn began, as {@link System#nanoTime}. */
    private long now;

    /**
     * A life that has not begun.
     *
     * @param executor runs a task on the client's thread, and tells it the time
     * @param onConnected called at the first connection, on the client's thread
     * @param onNotConnected called if there is none
     */
    ClientLifecycle(
            Settings settings,
            Room room,
            ClientCounters counters,
            Selector selector,
            Consumer<LongConsumer> executor,
            Thread clientThread,
            Runnable onConnected,
            Consumer<SocketzException> onNotConnected) {
        this.reconnect = settings.reconnect();
        this.counters = counters;
        this.listener = new GuardedClientListener(settings.listener());
        this.onConnected = onConnected;
        this.onNotConnected = onNotConnected;
        PendingRequests pending = new PendingRequests(settings.requestTimeoutNanos(), room, counters);
        this.watches = new WatchRouter(pending, room, listener, clientThread);
        this.token = new RememberedToken(pending, room, listener, clientThread);
        this.pipeline = new RequestPipeline(settings, pending, watches, room, counters, clientThread);
        this.finder = new ServerFinder(settings, selector, pending, counters, executor, this);
    }

    Optional<Server> server() {
        return Optional.ofNullable(server);
    }

    /** From any thread. */
    ClientState state() {
        if (end == null && server != null) {
            return ClientState.CONNECTED;
        }
        return end == null && reconnect ? ClientState.RECONNECTING : ClientState.CLOSED;
    }

    /** Why it has ended; null until then. */
    @Nullable
    SocketzException end() {
        return end;
    }

    // ---- A turn of the client's thread.

    void beginTurn(long now) {
        this.now = now;
    }

    /** The kernel has something for the connection. */
    void onConnectionReady() {
        if (server == null) {
            finder.onReady(input, now);
            return;
        }
        try {
            pipeline.onReady(input, now);
        } catch (SocketzException e) {
            onLost(e);
        }
    }

    /** Whether {@link #onConnectionReady} is due, whatever the kernel says. */
    boolean isUnread() {
        return server == null ? finder.isUnread() : pipeline.isUnread();
    }

    /** A request, whose room is taken. After the end it is refused, and then any thread may call this. */
    void onAsked(PendingRequest<?> request) {
        SocketzException ended = end;
        if (ended != null) {
            pipeline.refuse(request, ended);
            return;
        }
        pipeline.onAsked(request, now);
        if (pipeline.isQuitting() && server == null) {
            onEnd(SocketzException.closed());
        }
    }

    /** A watch begins. After the end it fails, and then any thread may call this. */
    void onWatch(WatchCourse course) {
        SocketzException ended = end;
        if (ended != null) {
            course.fail(ended);
        } else {
            watches.begin(course);
        }
    }

    /** A watch was closed. */
    void onUnwatch(WatchCourse course) {
        watches.close(course);
    }

    /** Says that something is wrong with the program that uses the client. On the client's thread. */
    void warn(String message) {
        listener.onWarning(message);
    }

    /** Does whatever is due. */
    void onTime() {
        try {
            pipeline.onTime(now);
        } catch (SocketzException e) {
            onLost(e);
            return;
        }
        if (pipeline.hasQuit()) {
            close();
        } else if (server == null) {
            finder.onTime(now);
        }
    }

    /** Does what can be done now: tries addresses, and sends all that has gathered. */
    void endTurn() {
        // A callback may have left an interrupt, which would close any channel.
        var unused = Thread.interrupted();
        finder.proceed(now);
        if (!pipeline.isQuitting()) {
            watches.proceed(now);
        }
        try {
            pipeline.flush();
        } catch (SocketzException e) {
            onLost(e);
        }
    }

    /** Nanoseconds until something is due, or -1 if nothing is. */
    long untilNext() {
        long requests = pipeline.untilNext(now);
        long search = finder.untilNext(now);
        return requests < 0 ? search : search < 0 ? requests : Math.min(requests, search);
    }

    // ---- What becomes of the server.

    @Override
    public void onAttemptFailed(Attempt attempt, Optional<Duration> nextIn) {
        pipeline.onAttemptFailed(attempt);
        listener.onAttemptFailed(attempt, nextIn);
    }

    @Override
    public void onServerFound(ServerConnection connection, Server found) {
        Optional<Server> previous = Optional.ofNullable(lastServer);
        pipeline.onConnected(connection);
        lastServer = found;
        server = found;
        counters.onConnected();
        listener.onConnected(found, previous);
        token.onConnected(found, now);
        watches.onConnected(found);
        if (previous.isEmpty()) {
            onConnected.run();
        }
        connection.takeEarly().forEach(watches::onMessage);
    }

    @Override
    public void onGivenUp(SocketzException why) {
        onEnd(why);
    }

    private void onLost(SocketzException e) {
        if (pipeline.isQuitting()) {
            onDisconnected(e);
            close();
        } else if (!reconnect) {
            onDisconnected(e);
            onEnd(new SocketzException(Reason.NOT_CONNECTED, "the connection was lost: " + e.getMessage()));
        } else {
            finder.onLost(now);
            onDisconnected(e);
        }
    }

    /** Ends the connection, if there is one, and tells those who are concerned. */
    private void onDisconnected(SocketzException why) {
        pipeline.closeConnection();
        Server gone = server;
        server = null;
        if (gone != null) {
            listener.onDisconnected(gone, why);
            watches.onLost(why);
        }
        pipeline.failSent(why);
    }

    // ---- The end.

    /** Ends it, unless it has ended. */
    void close() {
        if (end == null) {
            onEnd(SocketzException.closed());
        }
    }

    void onDefect(Throwable e) {
        onEnd(new SocketzException(Reason.CLOSED, "internal error: " + e, e));
    }

    private void onEnd(SocketzException why) {
        boolean neverConnected = lastServer == null && end == null;
        end = why;
        finder.close();
        onDisconnected(why);
        pipeline.failAll(why);
        watches.onEnd(why);
        if (neverConnected) {
            onNotConnected.accept(why);
        }
    }
}
