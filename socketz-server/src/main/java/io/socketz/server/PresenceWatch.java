package io.socketz.server;

import io.socketz.server.event.ServerListener;
import io.socketz.server.nio.ErrorText;
import io.socketz.state.Changes;
import io.socketz.state.Roster;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link PresenceListener} informed until it is closed; {@link SocketzServer#watch} begins one. It ends with the
 * server, if not before: changes that still wait then are dropped.
 *
 * <pre>{@code
 *   state thread --state, changes--> what waits --one at a time--> presence thread: the listener
 *        ^                               | too much waits: it is dropped
 *        +------- asks for the state <---+
 * }</pre>
 */
public final class PresenceWatch implements AutoCloseable {
    /** With a client each, and what the roster would not keep anyway, some megabytes. */
    static final int MAX_WAITING_CHANGES = 10_000;

    private final PresenceListener listener;
    private final Executor thread;
    private final Consumer<PresenceWatch> resync;
    private final ServerListener warnings;

    /** What comes before {@link #waiting}; null if the listener has it already. Guarded by the lock. */
    private @Nullable Roster state;

    /** Guarded by the lock. */
    private final Deque<Changes> waiting = new ArrayDeque<>();

    /** How many changes wait. Guarded by the lock. */
    private int changes;

    /** Whether changes were dropped since the last state. Guarded by the lock. */
    private boolean dropped;

    /** Whether the thread is on its way to the listener, or with it. Guarded by the lock. */
    private boolean scheduled;

    private volatile boolean closed;

    /**
     * Tells {@code listener} what it is told itself.
     *
     * @param thread calls the listener
     * @param resync has {@link #onState} called again, on the thread that calls it
     * @param warnings hears what the listener throws
     */
    PresenceWatch(PresenceListener listener, Executor thread, Consumer<PresenceWatch> resync, ServerListener warnings) {
        this.listener = listener;
        this.thread = thread;
        this.resync = resync;
        this.warnings = warnings;
    }

    /**
     * Ends the watch: no call of the listener begins after this. Does not wait for one that has begun; so the listener may
     * call it.
     */
    @Override
    public void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** This is true now, whatever was told before. On the state thread. */
    synchronized void onState(Roster roster) {
        state = roster;
        waiting.clear();
        changes = 0;
        dropped = false;
        schedule();
    }

    /** This has happened since. On the state thread. */
    synchronized void onChanges(Changes more) {
        if (dropped) {
            return;
        }
        waiting.add(more);
        changes += more.changes().size();
        if (changes > MAX_WAITING_CHANGES) {
            waiting.clear();
            changes = 0;
            dropped = true;
        }
        schedule();
    }

    /** Under the lock. */
    private void schedule() {
        if (!scheduled) {
            try {
                thread.execute(this::deliver);
                scheduled = true;
            } catch (RejectedExecutionException e) {
                closed = true; // the server has ended
            }
        }
    }

    private void deliver() {
        for (Runnable call = next(); call != null && !closed; call = next()) {
            try {
                call.run();
            } catch (Throwable e) {
                warnings.onWarning("a presence listener failed: " + ErrorText.ofThrown(e));
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Roster roster = state;
        if (roster != null) {
            state = null;
            return () -> listener.onState(roster);
        }
        Changes next = waiting.poll();
        if (next != null) {
            changes -= next.changes().size();
            return () -> listener.onChanges(next);
        }
        scheduled = false;
        if (dropped) {
            resync.accept(this);
        }
        return null;
    }
}
