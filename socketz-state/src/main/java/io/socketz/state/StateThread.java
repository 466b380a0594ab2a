package io.socketz.state;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

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

    /**
     * Starts the thread.
     *
     * @param name of the thread
     */
    public StateThread(String name) {
        executor = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, name);
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

    /** Ends the thread, after what it was given to do. */
    @Override
    public void close() {
        executor.shutdown();
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
