package io.socketz.server.admin;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The admin port on the HTTP server of the JDK. */
public final class AdminListener implements AdminPort {
    private static final int QUEUE_LENGTH = 64;

    /** A page of 10,000 clients, on a link that takes half a megabit a second, needs about as long. */
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);

    private final HttpServer server;
    private final Consumer<String> warnings;
    private final AdminHandler handler;
    private final AdminThreads threads = new AdminThreads();

    /** Null before {@link #serve}. */
    private @Nullable EventStreams events;

    private volatile boolean started;

    private AdminListener(HttpServer server, Consumer<String> warnings) {
        this.server = server;
        this.warnings = warnings;
        this.handler = new AdminHandler(
                server.getAddress().getAddress().isLoopbackAddress(),
                new AnswerTime(threads.commands(), LONGEST_ANSWER),
                warnings);
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
        handler.add("/metrics", new MetricsEndpoint(source.metrics(), warnings));
        LocalCommands commands = new LocalCommands(source.commands(), threads.commands());
        LostServers lost = new LostServers();
        source.listen().accept(lost);
        Api api = new Api(commands, new ServerStates(source, threads.peers()), lost);
        handler.add("/api/server", api::server);
        handler.add("/api/servers", api::servers);
        handler.add("/api/clients", api::clients);
        handler.add("/api/closed", api::closed);
        handler.add("/api/rates", rates(source)::answer);
        events = new EventStreams(
                commands, () -> source.registry().get().roster().revision(), source.unwatch());
        handler.add("/api/events", events);
        StaticFiles.addTo(handler);
        server.createContext("/", handler);
        server.setExecutor(threads.requests());
        server.start();
        started = true;
    }

    private RateHistory rates(AdminSource source) {
        RateHistory rates = new RateHistory(() -> source.registry().get().cluster());
        var unused = threads.commands()
                .scheduleAtFixedRate(
                        rates::sample, RateHistory.INTERVAL_SECONDS, RateHistory.INTERVAL_SECONDS, TimeUnit.SECONDS);
        return rates;
    }

    @Override
    public void close() {
        if (!started) {
            server.start(); // its thread alone frees the port
            started = true;
        }
        server.stop(0);
        if (events != null) {
            events.close();
        }
        threads.close();
    }
}
