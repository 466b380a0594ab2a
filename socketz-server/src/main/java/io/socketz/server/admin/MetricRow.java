package io.socketz.server.admin;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.socketz.server.event.ServerMetrics;
import io.socketz.state.DurationHistogram;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * One metric of a server, and how it is read from {@link ServerMetrics}. Names: {@code socketz_}, base units, and {@code
 * _total} for a counter (OpenMetrics 1.0). No label is an address or an id of a client.
 *
 * @param name as it is exposed
 * @param help a sentence
 * @param reader the metric; empty if this server does not have it
 */
record MetricRow(String name, String help, Function<ServerMetrics, Optional<MetricSnapshot>> reader) {
    private static final String TOTAL = "_total";

    /** The metric now; empty if this server does not have it. */
    Optional<MetricSnapshot> snapshot(ServerMetrics metrics) {
        return reader.apply(metrics);
    }

    /** Goes up and down. */
    static MetricRow gauge(String name, String help, ToDoubleFunction<ServerMetrics> value) {
        return optionalGauge(name, help, metrics -> Optional.of(value.applyAsDouble(metrics)));
    }

    /** A gauge of a part that not every server has. */
    static MetricRow optionalGauge(String name, String help, Function<ServerMetrics, Optional<Double>> value) {
        return row(
                name,
                help,
                value,
                now -> GaugeSnapshot.builder()
                        .name(name)
                        .help(help)
                        .dataPoint(GaugeDataPointSnapshot.builder().value(now).build())
                        .build());
    }

    /** Only goes up. */
    static MetricRow counter(String name, String help, ToDoubleFunction<ServerMetrics> value) {
        return optionalCounter(name, help, metrics -> Optional.of(value.applyAsDouble(metrics)));
    }

    /** A counter of a part that not every server has. */
    static MetricRow optionalCounter(String name, String help, Function<ServerMetrics, Optional<Double>> value) {
        return row(
                name,
                help,
                value,
                now -> CounterSnapshot.builder()
                        .name(base(name))
                        .help(help)
                        .dataPoint(CounterDataPointSnapshot.builder().value(now).build())
                        .build());
    }

    /** A counter for each value of a label. */
    static MetricRow counters(
            String name, String help, String label, Function<ServerMetrics, ? extends Map<?, Long>> values) {
        return row(name, help, metrics -> Optional.of(values.apply(metrics)), now -> {
            CounterSnapshot.Builder snapshot =
                    CounterSnapshot.builder().name(base(name)).help(help);
            now.forEach((key, value) -> snapshot.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(Labels.of(label, key.toString()))
                    .value(value)
                    .build()));
            return snapshot.build();
        });
    }

    /** How long something took. */
    static MetricRow histogram(String name, String help, Function<ServerMetrics, Optional<DurationHistogram>> value) {
        return row(
                name,
                help,
                value,
                now -> HistogramSnapshot.builder()
                        .name(name)
                        .help(help)
                        .dataPoint(HistogramDataPointSnapshot.builder()
                                .classicHistogramBuckets(buckets(now))
                                .sum(now.sumSeconds())
                                .build())
                        .build());
    }

    private static <T> MetricRow row(
            String name,
            String help,
            Function<ServerMetrics, Optional<T>> value,
            Function<? super T, ? extends MetricSnapshot> format) {
        return new MetricRow(name, help, metrics -> value.apply(metrics).map(format));
    }

    /** A condition as the value of a gauge. */
    static double is(boolean condition) {
        return condition ? 1 : 0;
    }

    /** Prometheus's library adds the counts up itself. */
    private static ClassicHistogramBuckets buckets(DurationHistogram histogram) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long before = 0;
        for (DurationHistogram.Bucket bucket : histogram.buckets()) {
            buckets.bucket(bucket.upToSeconds(), bucket.count() - before);
            before = bucket.count();
        }
        return buckets.build();
    }

    /** Prometheus's library adds the suffix itself. */
    private static String base(String name) {
        return name.substring(0, name.length() - TOTAL.length());
    }
}
