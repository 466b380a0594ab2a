package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread, one selector, and the lifecycle they own. A turn of the loop: what is ready, what other threads asked for,
 * what is due; then one write for all that has gathered.
 */
final class ClientLoop {
    private final int maxPending;
    private final Room room;
    private final ClientCounters counters = new ClientCounters();
    private final Selector selector;
    private final Thread thread;

    /** Owned by the thread. */
    private final ClientLifecycle lifecycle;

    /** What was asked and the loop has not seen yet; bounded by {@link Room}. */
    private final Queue<PendingRequest<?>> asked = new ConcurrentLinkedQueue<>();

    /** Bounded by its producers: a lookup for each name, and the end of each watch that {@link #begun} has. */
    private final Queue<LongConsumer> tasks = new ConcurrentLinkedQueue<>();

    /** The watches that have begun and that the loop has not seen yet; all but the last one were closed. */
    private final Queue<WatchCourse> begun = new ConcurrentLinkedQueue<>();

    /** The last watch; null if there was none. Guarded by {@link #begun}. */
    private @Nullable WatchCourse watch;

    /** Whether the selector has been woken for what is in the queues. */
    private final AtomicBoolean woken = new AtomicBoolean();

    /** Set once, by any thread. */
    private volatile boolean closing;

    /**
     * A loop that has not started.
     *
     * @param onConnected is called at the first connection, on the loop's thread
     * @param onNotConnected is called if there is none
     */
    ClientLoop(Settings settings, Runnable onConnected, Consumer<SocketzException> onNotConnected) throws IOException {
        this.maxPending = settings.maxPending();
        this.room = new Room(maxPending);
        this.selector = Selector.open();
        this.thread = new Thread(this::run, "socketz-client");
        thread.setDaemon(true);
        this.lifecycle = new ClientLifecycle(
                settings, room, counters, selector, this::execute, thread, onConnected, onNotConnected);
    }

    /**
     * Starts the loop.
     *
     * @throws IOException if the system refuses a thread; everything is released then
     */
    void start() throws IOException {
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            closeSelector();
            throw new IOException(e.getMessage(), e);
        }
    }

    Thread thread() {
        return thread;
    }

    Optional<Server> server() {
        return lifecycle.server();
    }

    ClientState state() {
        return closing ? ClientState.CLOSED : lifecycle.state();
    }

    ClientStatistics statistics() {
        return counters.read(room.requests());
    }

    /** How many requests have taken room. */
    int requests() {
        return room.requests();
    }

    /** Asks, from any thread; fails the request if there is no room for it. */
    void ask(PendingRequest<?> request) {
        if (closing) {
            counters.onFailed();
            request.fail(SocketzException.closed());
            return;
        }
        if (!room.enter(request.bytes.length)) {
            counters.onFailed();
            request.fail(new SocketzException(
                    Reason.TOO_MANY_PENDING,
                    "more than " + maxPending + " requests, or " + Room.MAX_BYTES + " bytes of them, are waiting"));
            return;
        }
        asked.add(request);
        wake();
        // The loop may have ended before it saw this request: then nobody else would fail it.
        if (lifecycle.end() != null) {
            onAsked();
        }
    }

    /**
     * Begins to watch, from any thread.
     *
     * @throws IllegalStateException if the last watch is not over
     */
    RosterWatch watch(WatchQuery query, WatchListener listener) {
        WatchCourse course = new WatchCourse(query, listener, lifecycle::warn, thread);
        synchronized (begun) {
            if (watch != null && !watch.isOver()) {
                throw new IllegalStateException("the client watches already: close that watch first");
            }
            watch = course;
            begun.add(course);
        }
        wake();
        // As for requests: the loop may have ended before it saw this.
        if (lifecycle.end() != null) {
            onAsked();
        }
        return new RosterWatch(course, () -> execute(now -> lifecycle.onUnwatch(course)));
    }

    /**
     * Runs {@code task} on the loop's thread soon, and tells it the time of that turn. From any thread. After the loop has
     * ended, does nothing.
     */
    private void execute(LongConsumer task) {
        tasks.add(task);
        wake();
    }

    /** Ends the loop soon. From any thread. */
    void end() {
        closing = true;
        wake();
    }

    /** Ends the loop, and waits for that on any thread but its own. */
    void close() {
        end();
        if (Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                // The loop ends all the same.
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
        try {
            lifecycle.beginTurn(System.nanoTime());
            lifecycle.endTurn();
            while (lifecycle.end() == null) {
                turn();
            }
        } catch (IOException | RuntimeException | Error e) {
            lifecycle.onDefect(e);
        } finally {
            onAsked();
            closeSelector();
        }
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            // Nothing uses it any more.
        }
    }

    private void turn() throws IOException {
        select();
        long now = System.nanoTime();
        lifecycle.beginTurn(now);
        if (!selector.selectedKeys().isEmpty() || lifecycle.isUnread()) {
            selector.selectedKeys().clear();
            lifecycle.onConnectionReady();
        }
        if (woken.get()) {
            // Before reading the queues: what is added meanwhile wakes the selector again.
            woken.set(false);
            for (LongConsumer task = tasks.poll(); task != null; task = tasks.poll()) {
                task.accept(now);
            }
            onAsked();
        }
        lifecycle.onTime();
        if (closing) {
            lifecycle.close();
        }
        lifecycle.endTurn();
    }

    private void select() throws IOException {
        long wait = lifecycle.isUnread() ? 0 : lifecycle.untilNext();
        if (wait < 0) {
            selector.select();
        } else if (wait == 0) {
            selector.selectNow();
        } else {
            // Rounded up: otherwise the loop would spin through the last fraction of a millisecond.
            selector.select(TimeUnit.NANOSECONDS.toMillis(wait + 999_999));
        }
    }

    /** Passes on what was asked. On the loop's thread; after the end, when requests are only refused, on any. */
    private void onAsked() {
        for (WatchCourse course = begun.poll(); course != null; course = begun.poll()) {
            lifecycle.onWatch(course);
        }
        for (PendingRequest<?> request = asked.poll(); request != null; request = asked.poll()) {
            lifecycle.onAsked(request);
        }
    }
}
