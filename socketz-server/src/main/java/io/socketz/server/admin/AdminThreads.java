package io.socketz.server.admin;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The threads of an admin listener. */
final class AdminThreads implements AutoCloseable {
    /**
     * As many as {@code socketz serve} allows connections: a request holds a thread from its first byte, so with fewer, those
     * who are slow to send theirs would keep {@code /livez} waiting. Connections beyond that are closed.
     */
    private static final int MAX_REQUESTS = 200;

    private static final int MAX_PEERS = 8;

    private static final long IDLE_SECONDS = 10;

    private final ExecutorService requests = pool(0, MAX_REQUESTS, new SynchronousQueue<>(), "socketz-admin");

    private final ExecutorService peers =
            pool(MAX_PEERS, MAX_PEERS, new LinkedBlockingQueue<>(), "socketz-admin-peers");

    private final ScheduledThreadPoolExecutor commands =
            new ScheduledThreadPoolExecutor(1, named("socketz-admin-commands"));

    AdminThreads() {
        commands.setRemoveOnCancelPolicy(true); // hardly any answer needs its time
    }

    private static ExecutorService pool(int core, int max, BlockingQueue<Runnable> queue, String name) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(core, max, IDLE_SECONDS, TimeUnit.SECONDS, queue, named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Makes daemon threads with this name. */
    static ThreadFactory named(String name) {
        return task -> {
            Thread created = new Thread(task, name);
            created.setDaemon(true);
            return created;
        };
    }

    /** Each answers a request, or refuses it at once. */
    Executor requests() {
        return requests;
    }

    /** Ask other servers, apart from the requests, which wait for it. */
    Executor peers() {
        return peers;
    }

    /** One, in the place of an event loop; and the clock of the answers. */
    ScheduledExecutorService commands() {
        return commands;
    }

    @Override
    public void close() {
        requests.shutdownNow();
        peers.shutdownNow();
        commands.shutdownNow();
    }
}
