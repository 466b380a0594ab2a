package io.socketz.server.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.socketz.server.event.ServerMetrics;
import io.socketz.server.nio.ErrorText;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /metrics}. To load Prometheus's library takes a third of a second of a processor: so it waits for the first scrape. */
final class MetricsEndpoint implements Route {
    private static final String MISSING = "metrics need prometheus-metrics-exporter-httpserver and"
            + " prometheus-metrics-instrumentation-jvm on the class path";

    private final Supplier<ServerMetrics> source;
    private final Consumer<String> warnings;

    /** Null before the first scrape. Guarded by the lock. */
    private @Nullable HttpHandler handler;

    /** @param warnings hears of defects */
    MetricsEndpoint(Supplier<ServerMetrics> source, Consumer<String> warnings) {
        this.source = source;
        this.warnings = warnings;
    }

    @Override
    public void open(HttpExchange exchange, QueryParameters query) throws IOException {
        try {
            handler().handle(exchange);
        } catch (NoClassDefFoundError e) {
            HttpResponse.text(501, MISSING).send(exchange);
        }
    }

    private synchronized HttpHandler handler() {
        if (handler == null) {
            handler = PrometheusMetrics.handler(
                    source, defect -> warnings.accept("metrics cannot be read: " + ErrorText.ofDefect(defect)));
        }
        return handler;
    }
}
