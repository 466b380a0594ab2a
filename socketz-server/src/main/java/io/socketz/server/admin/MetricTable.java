package io.socketz.server.admin;

import static io.socketz.server.admin.MetricRow.counter;
import static io.socketz.server.admin.MetricRow.counters;
import static io.socketz.server.admin.MetricRow.gauge;
import static io.socketz.server.admin.MetricRow.histogram;
import static io.socketz.server.admin.MetricRow.optionalCounter;
import static io.socketz.server.admin.MetricRow.optionalGauge;

import io.socketz.server.event.ServerMetrics;
import io.socketz.server.event.ServerState;
import io.socketz.state.RegistryMetrics.StoreMetrics;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** All metrics of a server, in the order of docs/operations/admin.md, which a test compares with them. */
final class MetricTable {
    static final List<MetricRow> ROWS = List.of(
            gauge(
                    "socketz_ready",
                    "1 if the server should get clients, 0 while it starts or drains.",
                    metrics -> is(metrics.state() == ServerState.READY)),
            gauge(
                    "socketz_draining",
                    "1 if the server is about to end.",
                    metrics -> is(metrics.state() == ServerState.DRAINING)),
            gauge(
                    "socketz_rebalancing",
                    "1 while the server lets go of clients beyond its share.",
                    metrics -> is(metrics.rebalancing())),
            gauge(
                    "socketz_connections",
                    "Connections that are open: clients, health checks, and those without a PROXY header yet.",
                    metrics -> metrics.connections().open()),
            gauge(
                    "socketz_clients",
                    "Clients that are connected to this server.",
                    metrics -> metrics.connections().clients()),
            gauge(
                    "socketz_clients_max",
                    "Most clients that this server can have.",
                    metrics -> metrics.connections().places()),
            gauge(
                    "socketz_watchers",
                    "Clients that watch, and streams of events of the admin port.",
                    metrics -> metrics.connections().watchers()),
            counter(
                    "socketz_connections_accepted_total",
                    "Connections accepted, those included that were refused.",
                    metrics -> metrics.connections().accepted()),
            counters(
                    "socketz_connections_closed_total",
                    "Connections that have ended, by reason.",
                    "reason",
                    metrics -> metrics.connections().closed()),
            histogram(
                    "socketz_connection_duration_seconds",
                    "How long ended connections were open.",
                    metrics -> Optional.of(metrics.connections().lifetimes())),
            histogram(
                    "socketz_greeting_delay_seconds",
                    "How long clients waited for their greeting.",
                    metrics -> Optional.of(metrics.connections().greetings())),
            counters(
                    "socketz_requests_total",
                    "Requests, by command.",
                    "command",
                    metrics -> metrics.requests().commands()),
            counter(
                    "socketz_requests_bad_arguments_total",
                    "Requests that were refused for their arguments.",
                    metrics -> metrics.requests().badArguments()),
            counter(
                    "socketz_requests_invalid_total",
                    "Lines that are not a command.",
                    metrics -> metrics.requests().invalid()),
            counter(
                    "socketz_requests_too_long_total",
                    "Lines that are longer than allowed.",
                    metrics -> metrics.requests().tooLong()),
            counter(
                    "socketz_received_bytes_total",
                    "Bytes from clients.",
                    metrics -> metrics.traffic().receivedBytes()),
            counter(
                    "socketz_sent_bytes_total",
                    "Bytes to clients.",
                    metrics -> metrics.traffic().sentBytes()),
            gauge(
                    "socketz_held_bytes",
                    "Bytes held for clients that fall behind.",
                    metrics -> metrics.traffic().heldBytes()),
            gauge(
                    "socketz_held_bytes_max",
                    "Most bytes that may be held.",
                    metrics -> metrics.traffic().maxHeldBytes()),
            counter(
                    "socketz_descriptor_shortages_total",
                    "How often file descriptors began to be short.",
                    metrics -> metrics.descriptors().shortages()),
            counter(
                    "socketz_accept_pauses_total",
                    "How often accepting paused for 10 ms.",
                    metrics -> metrics.descriptors().acceptPauses()),
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
                    "Entries and keys that were put right.",
                    metrics -> metrics.audits().repaired()));

    private MetricTable() {}

    private static double is(boolean condition) {
        return condition ? 1 : 0;
    }

    private static Function<ServerMetrics, Optional<Double>> store(ToDoubleFunction<StoreMetrics> value) {
        return metrics -> metrics.registry().store().map(value::applyAsDouble);
    }
}
