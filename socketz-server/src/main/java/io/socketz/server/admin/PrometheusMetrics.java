package io.socketz.server.admin;

import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.config.PrometheusProperties;
import io.prometheus.metrics.exporter.httpserver.HttpErrorHandlingPolicy;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.socketz.server.event.ServerMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The metrics of a server and its JVM for Prometheus, by Prometheus's own library. A scrape reads {@link ServerMetrics} once;
 * between scrapes nothing is done.
 */
final class PrometheusMetrics implements MultiCollector {
    private static final String VERSION =
            Objects.requireNonNullElse(PrometheusMetrics.class.getPackage().getImplementationVersion(), "unknown");

    private final Supplier<ServerMetrics> source;

    private PrometheusMetrics(Supplier<ServerMetrics> source) {
        this.source = source;
    }

    /**
     * Answers in the format that the reader accepts: OpenMetrics, or Prometheus's own text.
     *
     * @param defects hears what fails; not of readers who leave before they have all, whom the library would log, each with a line
     */
    static HttpHandler handler(Supplier<ServerMetrics> source, Consumer<RuntimeException> defects) {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new PrometheusMetrics(source));
        JvmMetrics.builder().register(registry);
        HttpErrorHandlingPolicy policy = HttpErrorHandlingPolicy.builder()
                .errorReporter(failure -> {
                    if (failure instanceof RuntimeException defect) {
                        defects.accept(defect);
                    }
                })
                .build();
        return new MetricsHandler(PrometheusProperties.get(), registry, policy);
    }

    @Override
    public MetricSnapshots collect() {
        ServerMetrics metrics = source.get();
        List<MetricSnapshot> snapshots = new ArrayList<>();
        snapshots.add(build());
        for (MetricRow row : MetricTable.ROWS) {
            row.snapshot(metrics).ifPresent(snapshots::add);
        }
        return new MetricSnapshots(snapshots);
    }

    private static MetricSnapshot build() {
        return InfoSnapshot.builder()
                .name("socketz_build")
                .help("Version of Socketz.")
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of("version", VERSION))
                        .build())
                .build();
    }
}
