package io.socketz.state;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that owns a server's state: the roster, the registry, and what is made from them. Everyone else
 * enters by {@link #execute}; tasks run one at a time, in the order in which they came.
 *
 * <p>The queue is bounded by what fills it: a join and a leave for each connection, and one question at a time for
 * each.
 */
public final class StateThread implements Executor, AutoCloseable {
    private static final long CLOSE_TIMEOUT_SECONDS = 10;

    private final ThreadPoolExecutor executor;

    /** Null before the first task. */
    private volatile @Nullable Thread thread;

    /**
     * A thread that begins with its first task, and does not keep the process alive.
     *
     * @param name of the thread
     */
    public StateThread(String name) {
        executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Runs {@code task} on the state thread, after all tasks that were given before.
     *
     * @throws java.util.concurrent.RejectedExecutionException after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /**
     * Takes no more tasks, and ends the thread after those it has. Waits for that, 10 s at most, then drops what is left;
     * on the state thread itself it does not wait.
     */
    @Override
    public void close() {
        executor.shutdown();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            if (!executor.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
