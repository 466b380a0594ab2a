package io.socketz.server.admin;

import com.sun.net.httpserver.HttpExchange;
import io.socketz.server.command.Watcher;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * {@code /api/events}: the events of {@code WATCH} as server-sent events (HTML Living Standard, section 9.2). Each stream has a
 * thread, since it may have to wait for its reader, and ends after a minute: browsers come again by themselves, with {@code
 * Last-Event-ID}, and miss nothing.
 *
 * <p>Cap: {@value #MAX_STREAMS} streams.
 */
final class EventStreams implements Route, AutoCloseable {
    static final int MAX_STREAMS = 32;

    private static final List<String> FILTERS = List.of("server", "addr", "name");
    private static final List<String> PARAMETERS = List.of("server", "addr", "name", "since");

    private final LocalCommands commands;
    private final LongSupplier revision;
    private final Consumer<Watcher> unwatch;
    private final Semaphore places = new Semaphore(MAX_STREAMS);
    private final ExecutorService threads = Executors.newCachedThreadPool(AdminThreads.named("socketz-admin-events"));

    /**
     * Opens streams.
     *
     * @param revision of the roster now
     * @param unwatch as in {@link AdminSource}
     */
    EventStreams(LocalCommands commands, LongSupplier revision, Consumer<Watcher> unwatch) {
        this.commands = commands;
        this.revision = revision;
        this.unwatch = unwatch;
    }

    @Override
    public void open(HttpExchange exchange, QueryParameters query) throws IOException, BadRequestException {
        query.allow(PARAMETERS);
        String line = CommandLines.line("WATCH SINCE " + since(exchange, query), FILTERS, query);
        if (exchange.getRequestMethod().equals("HEAD")) {
            new HttpResponse(200, EventStream.CONTENT_TYPE, Map.of(), new byte[0]).send(exchange);
        } else if (places.tryAcquire()) {
            start(exchange, line);
        } else {
            tooMany().send(exchange);
        }
    }

    /** What the browser has got last, or else the parameter, or else what is true now. */
    private long since(HttpExchange exchange, QueryParameters query) throws BadRequestException {
        Optional<String> last = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Last-Event-ID"))
                .or(() -> query.find("since"));
        if (last.isEmpty()) {
            return revision.getAsLong();
        }
        if (!last.get().matches("[0-9]{1,18}")) {
            throw new BadRequestException("expected since and a revision");
        }
        return Long.parseLong(last.get());
    }

    private static HttpResponse tooMany() {
        return HttpResponse.jsonError(
                        503,
                        "TOO_MANY_STREAMS",
                        "there are " + MAX_STREAMS + " streams of events already: try again later")
                .with("Retry-After", "5");
    }

    private void start(HttpExchange exchange, String line) throws IOException {
        try {
            threads.execute(() -> {
                try {
                    run(exchange, line);
                } finally {
                    places.release();
                    exchange.close();
                }
            });
        } catch (RejectedExecutionException e) {
            places.release();
            HttpResponse.jsonError(503, "NO_ANSWER", "the server is stopping").send(exchange);
        }
    }

    private void run(HttpExchange exchange, String line) {
        EventStream stream = new EventStream();
        try {
            LocalRequester watcher = commands.begin(line, stream);
            try {
                stream.write(exchange);
            } finally {
                watcher.loop().execute(() -> unwatch.accept(watcher));
            }
        } catch (IOException | TimeoutException | RejectedExecutionException e) {
            // The reader has gone, or the server is about to end: the browser comes again, or finds nobody.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all streams. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
