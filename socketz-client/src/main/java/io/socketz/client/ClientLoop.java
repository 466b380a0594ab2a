package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One thread, one selector, and the session they own. A turn of the loop: what is ready, what other threads asked for,
 * what is due; then one write for all that has gathered.
 */
final class ClientLoop implements Executor {
    private final int maxPending;
    private final Room room;
    private final Selector selector;
    private final Thread thread;

    /** Owned by the thread. */
    private final Session session;

    /** What was asked and not taken up; bounded by {@link Room}. */
    private final Queue<PendingRequest<?>> asked = new ConcurrentLinkedQueue<>();

    /** Bounded by its producers: a look-up for each name. */
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Whether the selector was woken for what is in the queues. */
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
        this.session = new Session(settings, room, selector, this, thread, onConnected, onNotConnected);
    }

    /**
     * Starts the loop.
     *
     * @throws IOException if there can be no thread for it; then nothing is left of it
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
        return session.server();
    }

    /** How many requests have taken room. */
    int requests() {
        return room.requests();
    }

    /** Asks, from any thread; fails the request if there is no room for it. */
    void ask(PendingRequest<?> request) {
        if (closing) {
            request.fail(Session.closed());
            return;
        }
        if (!room.enter(request.bytes.length)) {
            request.fail(new SocketzException(
                    Reason.TOO_MANY_PENDING,
                    "more than " + maxPending + " requests, or " + Room.MAX_BYTES + " bytes of them, are waiting"));
            return;
        }
        asked.add(request);
        wake();
        // It may have ended before it could see this one: then nobody else will.
        if (session.end() != null) {
            onAsked();
        }
    }

    /** Runs {@code task} on the loop's thread, soon. From any thread. After the loop has ended, does nothing. */
    @Override
    public void execute(Runnable task) {
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
        try {
            session.beginTurn(System.nanoTime());
            session.endTurn();
            while (session.end() == null) {
                turn();
            }
        } catch (IOException | RuntimeException | Error e) {
            session.onDefect(e);
        } finally {
            onAsked();
            closeSelector();
        }
    }

    private void closeSelector() {
        try {
            selector.close();
        } catch (IOException e) {
            // It is of no more use anyway.
        }
    }

    private void turn() throws IOException {
        select();
        session.beginTurn(System.nanoTime());
        if (!selector.selectedKeys().isEmpty()) {
            selector.selectedKeys().clear();
            session.onConnectionReady();
        }
        if (woken.get()) {
            // Before the queues are looked at: what comes in while they are, wakes the selector again.
            woken.set(false);
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            onAsked();
        }
        session.onTime();
        if (closing) {
            session.close();
        }
        session.endTurn();
    }

    private void select() throws IOException {
        long wait = session.untilNext();
        if (wait < 0) {
            selector.select();
        } else if (wait == 0) {
            selector.selectNow();
        } else {
            // Rounded up, lest the last fraction of a millisecond be spent on turns without anything to do.
            selector.select(TimeUnit.NANOSECONDS.toMillis(wait + 999_999));
        }
    }

    /** Passes on what was asked. On the loop's thread; when the session has ended, and only refuses, on any. */
    private void onAsked() {
        for (PendingRequest<?> request = asked.poll(); request != null; request = asked.poll()) {
            session.onAsked(request);
        }
    }
}
