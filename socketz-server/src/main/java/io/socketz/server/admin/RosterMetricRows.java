package io.socketz.server.admin;

import static io.socketz.server.admin.MetricRow.counter;
import static io.socketz.server.admin.MetricRow.counters;
import static io.socketz.server.admin.MetricRow.gauge;
import static io.socketz.server.admin.MetricRow.histogram;
import static io.socketz.server.admin.MetricRow.is;
import static io.socketz.server.admin.MetricRow.optionalCounter;
import static io.socketz.server.admin.MetricRow.optionalGauge;

import io.socketz.server.event.ServerMetrics;
import io.socketz.state.RegistryMetrics.StoreMetrics;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Who is connected to the cluster, how etcd serves the server, and what audits have found. */
final class RosterMetricRows {
    static final List<MetricRow> ROWS = List.of(
            counter(
                    "socketz_joins_total",
                    "Clients of this server that have joined.",
                    metrics -> metrics.registry().own().joins()),
            counters(
                    "socketz_leaves_total",
                    "Clients of this server that have left, by reason.",
                    "reason",
                    metrics -> metrics.registry().own().leaves()),
            counter(
                    "socketz_cluster_joins_total",
                    "Clients of all servers that have joined, as this one knows.",
                    metrics -> metrics.registry().cluster().joins()),
            counters(
                    "socketz_cluster_leaves_total",
                    "Clients of all servers that have left, by reason, as this one knows.",
                    "reason",
                    metrics -> metrics.registry().cluster().leaves()),
            gauge(
                    "socketz_roster_clients",
                    "Clients of all servers.",
                    metrics -> metrics.registry().roster().clients()),
            gauge(
                    "socketz_roster_servers",
                    "Servers of the cluster, this one included.",
                    metrics -> metrics.registry().roster().members()),
            gauge(
                    "socketz_roster_revision",
                    "Revision of the roster.",
                    metrics -> metrics.registry().roster().revision()),
            gauge(
                    "socketz_roster_age_seconds",
                    "Age of what this server knows of the others; 0 while it is up to date.",
                    metrics -> metrics.registry().roster().ageSeconds()),
            gauge(
                    "socketz_roster_well",
                    "1 if the roster is up to date and other servers see this one.",
                    metrics -> is(metrics.registry().roster().well())),
            optionalGauge("socketz_etcd_up", "1 if etcd answers reads and writes.", store(each -> is(each.up()))),
            optionalGauge(
                    "socketz_etcd_down_seconds",
                    "For how long etcd has not answered; 0 while it does.",
                    store(StoreMetrics::downSeconds)),
            histogram(
                    "socketz_etcd_commit_duration_seconds",
                    "How long successful writes to etcd took.",
                    metrics -> metrics.registry().store().map(StoreMetrics::commits)),
            optionalCounter(
                    "socketz_etcd_commits_failed_total",
                    "Writes to etcd that failed.",
                    store(StoreMetrics::failedCommits)),
            optionalGauge(
                    "socketz_etcd_queued_keys",
                    "Clients' keys that are being written to etcd, or wait for that.",
                    store(StoreMetrics::queuedKeys)),
            optionalCounter(
                    "socketz_etcd_retries_total",
                    "Failures at etcd after which the server tries again.",
                    store(StoreMetrics::retries)),
            optionalCounter(
                    "socketz_etcd_resyncs_total",
                    "How often everything was read from etcd again.",
                    store(StoreMetrics::resyncs)),
            optionalGauge(
                    "socketz_etcd_lease_remaining_seconds",
                    "How long other servers would still show this one if it stopped renewing its lease.",
                    store(StoreMetrics::leaseSeconds)),
            counter(
                    "socketz_audits_total",
                    "Comparisons of connections, roster and etcd.",
                    metrics -> metrics.audits().made()),
            counter(
                    "socketz_audits_failed_total",
                    "Comparisons that etcd did not answer.",
                    metrics -> metrics.audits().failed()),
            counter(
                    "socketz_audit_missing_total",
                    "Clients that were missing from the roster.",
                    metrics -> metrics.audits().missing()),
            counter(
                    "socketz_audit_ghosts_total",
                    "Entries of the roster without a client.",
                    metrics -> metrics.audits().ghosts()),
            counter(
                    "socketz_audit_repaired_total",
                    "Entries and keys that were repaired.",
                    metrics -> metrics.audits().repaired()));

    private RosterMetricRows() {}

    private static Function<ServerMetrics, Optional<Double>> store(ToDoubleFunction<StoreMetrics> value) {
        return metrics -> metrics.registry().store().map(value::applyAsDouble);
    }
}
