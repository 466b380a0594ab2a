package io.socketz.server.admin;

import com.sun.net.httpserver.HttpServer;
import io.socketz.server.event.ServerMetrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The admin port on the HTTP server of the JDK. */
public final class AdminListener implements AdminPort {
    private static final int QUEUE_LENGTH = 64;

    /**
     * As many as {@code socketz serve} allows connections: a request holds a thread from its first byte, so with fewer, those
     * who are slow to send theirs would keep {@code /livez} waiting. Connections beyond that are closed.
     */
    private static final int MAX_THREADS = 200;

    private static final int PEER_THREADS = 8;

    private static final long IDLE_SECONDS = 10;

    private final HttpServer server;
    private final AdminHandler handler;
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, MAX_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory("socketz-admin"));

    /** Apart from the requests, which wait for it. */
    private final ExecutorService peerThreads = peerThreads();

    private final ScheduledExecutorService commandThread =
            Executors.newSingleThreadScheduledExecutor(factory("socketz-admin-commands"));

    /** Null before {@link #serve}. */
    private @Nullable EventStreams events;

    private AdminListener(HttpServer server, Consumer<String> warnings) {
        this.server = server;
        this.handler = new AdminHandler(server.getAddress().getAddress().isLoopbackAddress(), warnings);
    }

    /**
     * Listens.
     *
     * @param warnings hears of defects
     */
    public static AdminPort bind(InetSocketAddress address, Consumer<String> warnings) throws IOException {
        return new AdminListener(HttpServer.create(address, QUEUE_LENGTH), warnings);
    }

    @Override
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void serve(AdminSource source) {
        HealthChecks health = new HealthChecks(source);
        handler.add("/livez", health::live);
        handler.add("/readyz", health::ready);
        handler.add("/metrics", new MetricsEndpoint(source.metrics()));
        LocalCommands commands = new LocalCommands(source.commands(), commandThread);
        LostServers lost = new LostServers();
        source.listen().accept(lost);
        Api api = new Api(commands, new ServerStates(source, peerThreads), lost);
        handler.add("/api/server", api::server);
        handler.add("/api/servers", api::servers);
        handler.add("/api/clients", api::clients);
        handler.add("/api/closed", api::closed);
        handler.add("/api/rates", rates(source)::answer);
        events = new EventStreams(commands, () -> revision(source.metrics().get()), source.unwatch());
        handler.add("/api/events", events);
        StaticFiles.addTo(handler);
        server.createContext("/", handler);
        server.setExecutor(threads);
        server.start();
    }

    private RateHistory rates(AdminSource source) {
        RateHistory rates =
                new RateHistory(() -> source.metrics().get().registry().cluster());
        var unused = commandThread.scheduleAtFixedRate(
                rates::sample, RateHistory.INTERVAL_SECONDS, RateHistory.INTERVAL_SECONDS, TimeUnit.SECONDS);
        return rates;
    }

    private static long revision(ServerMetrics metrics) {
        return metrics.registry().roster().revision();
    }

    @Override
    public void close() {
        server.stop(0);
        if (events != null) {
            events.close();
        }
        threads.shutdownNow();
        peerThreads.shutdownNow();
        commandThread.shutdownNow();
    }

    private static ExecutorService peerThreads() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                PEER_THREADS,
                PEER_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                factory("socketz-admin-peers"));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory factory(String name) {
        return task -> {
            Thread created = new Thread(task, name);
            created.setDaemon(true);
            return created;
        };
    }
}
