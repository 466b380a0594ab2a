package io.socketz.server;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for the arithmetic of TLS handshakes, milliseconds for each, for which clients of an event loop would have to
 * wait. There are none while there is nothing to do.
 */
final class TlsThreads implements Executor, AutoCloseable {
    private static final int IDLE_SECONDS = 10;

    private final AtomicInteger made = new AtomicInteger();
    private final ThreadPoolExecutor threads;

    /** @param most how many there may be: one more than help, since one may wait for a disk */
    TlsThreads(int most) {
        // Bounded by its producers: a task for each connection.
        threads = new ThreadPoolExecutor(
                most, most, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::make);
        threads.allowCoreThreadTimeOut(true);
    }

    private Thread make(Runnable work) {
        Thread thread = new Thread(work, "socketz-tls-" + made.getAndIncrement());
        thread.setDaemon(true);
        return thread;
    }

    /** Runs {@code task} soon; not after the end. From any thread. */
    @Override
    public void execute(Runnable task) {
        if (!threads.isShutdown()) {
            threads.execute(task);
        }
    }

    /** Lets its threads end: what is not done by then is done for nobody. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
