package io.socketz.server.admin;

import static io.socketz.server.admin.MetricRow.counter;
import static io.socketz.server.admin.MetricRow.counters;
import static io.socketz.server.admin.MetricRow.gauge;
import static io.socketz.server.admin.MetricRow.histogram;
import static io.socketz.server.admin.MetricRow.is;

import io.socketz.server.event.ServerState;
import java.util.List;
import java.util.Optional;

/** What a server counts by itself: its connections, requests and bytes. */
final class ServerMetricRows {
    static final List<MetricRow> ROWS = List.of(
            gauge(
                    "socketz_ready",
                    "1 if the server should get clients, 0 while it starts or drains.",
                    metrics -> is(metrics.state() == ServerState.READY)),
            gauge(
                    "socketz_draining",
                    "1 while the server drains or stops.",
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
                    "Connections accepted, including those that were refused.",
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
                    metrics -> metrics.descriptors().acceptPauses()));

    private ServerMetricRows() {}
}
