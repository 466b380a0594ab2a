package io.socketz.it.cli;

import io.socketz.it.MemberStatus;
import java.util.ArrayList;
import java.util.List;

/** What {@code ps} shows. */
final class StatusTable {
    private static final String ROW = "%-10s %7s %6s  %-28s %7s";

    private StatusTable() {}

    static List<String> of(List<MemberStatus> statuses) {
        List<String> lines = new ArrayList<>();
        lines.add(ROW.formatted("NAME", "PID", "PORT", "HEALTH", "CLIENTS"));
        for (MemberStatus status : statuses) {
            lines.add(ROW.formatted(
                    status.name(),
                    status.pid() == 0 ? "-" : Long.toString(status.pid()),
                    status.port(),
                    status.healthText(),
                    status.clients() < 0 ? "-" : Integer.toString(status.clients())));
        }
        return lines;
    }
}
