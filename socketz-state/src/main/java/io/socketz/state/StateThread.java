package io.socketz.state;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns a server's state: the roster, the registry, and what is made from them. Other threads enter by
 * {@link #execute}; tasks run one at a time, in the order in which they came.
 *
 * <p>What fills the queue also bounds it: for each connection a join, a leave, and one question at a time.
 */
public final class StateThread implements Executor, AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private record Alarm(long time, Runnable task) {}

    private final String name;
    private final Duration closeTimeout;

    /** Held to add and to remove tasks, never while one runs. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition given = lock.newCondition();

    /** Guarded by {@link #lock}. */
    private final Deque<Runnable> tasks = new ArrayDeque<>();

    /** Guarded by {@link #lock}. */
    private boolean closed;

    /** Null before the first task. Written under {@link #lock}. */
    private volatile @Nullable Thread thread;

    /** Owned by the thread. */
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(Comparator.comparingLong(Alarm::time));

    /** What alarms' times count from, so that they can be compared; {@link System#nanoTime}. */
    private final long origin = System.nanoTime();

    /**
     * A thread that starts with its first task and does not keep the process alive.
     *
     * @param name the name of the thread
     */
    public StateThread(String name) {
        this(name, CLOSE_TIMEOUT);
    }

    /** @param closeTimeout how long {@link #close} waits */
    StateThread(String name, Duration closeTimeout) {
        this.name = name;
        this.closeTimeout = closeTimeout;
    }

    /**
     * Runs {@code task} on the state thread, after all tasks that were added before.
     *
     * @throws RejectedExecutionException after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException(name + " has ended");
            }
            if (thread == null) {
                Thread started = new Thread(this::run, name);
                started.setDaemon(true);
                started.start();
                thread = started;
            }
            tasks.add(task);
            given.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the calling thread is this one. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /**
     * Runs {@code task} at a given time, or soon after it; not at all once the thread is closed. On the state thread only.
     *
     * @param nanoTime as {@link System#nanoTime}
     */
    public void executeAt(long nanoTime, Runnable task) {
        if (!isCurrent()) {
            throw new IllegalStateException("not on " + name);
        }
        alarms.add(new Alarm(nanoTime - origin, task));
    }

    private void run() {
        for (Runnable task = next(); task != null; task = next()) {
            try {
                task.run();
            } catch (Throwable e) {
                Thread self = Thread.currentThread();
                self.getUncaughtExceptionHandler().uncaughtException(self, e);
            }
        }
    }

    /** Waits for what is to run next; null if nothing will come. An alarm that is due goes first. */
    private @Nullable Runnable next() {
        lock.lock();
        try {
            while (true) {
                Alarm first = alarms.peek();
                long wait = first == null ? Long.MAX_VALUE : first.time - (System.nanoTime() - origin);
                if (wait <= 0 && !closed) {
                    return alarms.remove().task;
                }
                Runnable task = tasks.poll();
                if (task != null || closed) {
                    return task;
                }
                awaitGiven(wait);
            }
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // It is called in one.
    private void awaitGiven(long nanos) {
        try {
            given.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // A task has left the flag set, or close() has dropped the tasks: the loop checks.
        }
    }

    /**
     * Accepts no more tasks, and ends the thread after those it has. Waits for that for at most 10 s, also if the
     * calling thread is interrupted, which it stays; then drops the tasks that are left. Does not wait if called on the state
     * thread itself.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            given.signal();
        } finally {
            lock.unlock();
        }
        Thread ending = thread;
        if (ending == null || isCurrent()) {
            return;
        }
        boolean interrupted = awaitEnd(ending);
        if (ending.isAlive()) {
            drop(ending);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits although it is interrupted: a task that waits may close connections. Returns whether it was. */
    private boolean awaitEnd(Thread ending) {
        boolean interrupted = false;
        long until = System.nanoTime() + closeTimeout.toNanos();
        for (long left = closeTimeout.toNanos(); left > 0 && ending.isAlive(); left = until - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(ending, left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    private void drop(Thread ending) {
        lock.lock();
        try {
            tasks.clear();
        } finally {
            lock.unlock();
        }
        ending.interrupt();
    }
}
