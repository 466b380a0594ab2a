package io.socketz.it;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * HAProxy's statistics in CSV, as its page and its socket show them (HAProxy Management Guide, 9.1). Wrong for columns
 * after one whose text may contain a comma.
 *
 * @param rows each by its columns: {@code pxname}, {@code svname}, {@code scur}, ...
 */
record HaproxyStatistics(List<Map<String, String>> rows) {
    /** Reads statistics; skips what comes before the names of the columns, such as the head of an HTTP answer. */
    static HaproxyStatistics parse(String text) {
        List<Map<String, String>> rows = new ArrayList<>();
        List<String> columns = List.of();
        for (String line : text.lines().toList()) {
            if (line.startsWith("# ")) {
                columns = List.of(line.substring(2).split(",", -1));
            } else if (!columns.isEmpty() && !line.isEmpty()) {
                List<String> values = List.of(line.split(",", -1));
                Map<String, String> row = new HashMap<>();
                for (int i = 0; i < Math.min(columns.size(), values.size()); i++) {
                    row.put(columns.get(i), values.get(i));
                }
                rows.add(row);
            }
        }
        return new HaproxyStatistics(rows);
    }

    /** The row of a server, {@code FRONTEND} or {@code BACKEND}; empty if there is none. */
    Map<String, String> row(String proxy, String server) {
        return rows.stream()
                .filter(row -> proxy.equals(row.get("pxname")) && server.equals(row.get("svname")))
                .findFirst()
                .orElse(Map.of());
    }
}
