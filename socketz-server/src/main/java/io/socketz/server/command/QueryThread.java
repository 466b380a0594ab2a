package io.socketz.server.command;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thread that searches rosters. To go through a million clients takes a while, and a roster never changes: so neither
 * event loops nor the state thread need to wait for it. It ends when nobody has asked for 10 s. Another one of this class
 * calls the listeners of the program that embeds the server.
 *
 * <p>What fills its queue also bounds it: each connection asks one question at a time, and each watch has one task.
 */
public final class QueryThread implements Executor, AutoCloseable {
    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_TIMEOUT_SECONDS = 10;

    private final ThreadPoolExecutor thread;

    /** @param name of the thread, which does not keep the process alive */
    public QueryThread(String name) {
        thread = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread created = new Thread(task, name);
            created.setDaemon(true);
            return created;
        });
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs {@code task} after those that were added before.
     *
     * @throws RejectedExecutionException after {@link #close}
     */
    @Override
    public void execute(Runnable task) {
        thread.execute(task);
    }

    /** Drops the questions that wait, and ends the thread after the one that it answers, at most 10 s later. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            var unused = thread.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
