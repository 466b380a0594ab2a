package io.socketz.server.admin;

import java.util.List;
import java.util.stream.Stream;

/** All metrics of a server, in the order of docs/operations/admin.md, which a test compares with them. */
final class MetricTable {
    static final List<MetricRow> ROWS = Stream.of(ServerMetricRows.ROWS, RosterMetricRows.ROWS)
            .flatMap(List::stream)
            .toList();

    private MetricTable() {}
}
