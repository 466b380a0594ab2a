package io.socketz.client.repl;

import io.socketz.client.console.RecordTable;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How {@code /top} looks: a title, the numbers of the cluster, its servers, and what has happened last, as far as there is
 * room. Pure.
 *
 * <pre>{@code
 * 08483048: /top every 1s, 12:00:05, q to leave
 * servers 2   clients 50,004   joins 12.4/s   leaves 11.8/s   revision 1842, 0.4 s old
 *
 * id        name      addr            clients  since
 * 08483048  server01  10.0.0.11:5151  25002    09:12:33
 * 69bbfcac  server02  10.0.0.12:5151  25002    09:12:34
 *
 * latest events
 * 12:00:04  + 203.0.113.7:50814 web-7 joined server01
 * }</pre>
 */
final class TopView {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("MM-dd    ");
    private static final String GAP = "   ";
    private static final String CUT = "...";

    /** Lines of the table that are no servers: the names of the columns, and what is left out. */
    private static final int TABLE_EXTRA = 3;

    private TopView() {}

    /**
     * The lines, which fit the window.
     *
     * @param trouble a line about what is wrong; empty if nothing is
     * @param now for times of today, and for the time zone
     */
    static List<String> lines(
            String title,
            String trouble,
            ClusterState.Picture picture,
            Inks inks,
            ZonedDateTime now,
            int columns,
            int rows) {
        List<String> lines = new ArrayList<>(List.of(inks.aside(cut(title, columns))));
        if (!trouble.isEmpty()) {
            lines.add(inks.error(cut(trouble, columns)));
        }
        lines.addAll(flow(numbers(picture), columns));
        lines.add("");
        int room = rows - lines.size();
        int mostServers = Math.max(1, room / 2 - TABLE_EXTRA);
        lines.addAll(new RecordTable(picture.servers(), columns, mostServers, "", now)
                .lines(inks::own, inks::aside, "SERVERS shows all"));
        lines.add("");
        lines.add(inks.aside(cut("latest events", columns)));
        picture.happenings().stream()
                .limit(Math.max(0, rows - lines.size()))
                .forEach(each -> lines.add(cut(time(each, now) + "  " + each.line(), columns)));
        return lines.subList(0, Math.min(rows, lines.size()));
    }

    private static List<String> numbers(ClusterState.Picture picture) {
        return List.of(
                "servers " + picture.servers().size(),
                String.format(Locale.ROOT, "clients %,d", picture.clients()),
                String.format(Locale.ROOT, "joins %,.1f/s", picture.joins()),
                String.format(Locale.ROOT, "leaves %,.1f/s", picture.leaves()),
                String.format(
                        Locale.ROOT,
                        "revision %d, %,.1f s old",
                        picture.revision(),
                        picture.age().toMillis() / 1000.0));
    }

    /** In as few lines as will do; none is cut within a number. */
    private static List<String> flow(List<String> parts, int columns) {
        List<String> lines = new ArrayList<>();
        String line = "";
        for (String part : parts) {
            if (!line.isEmpty() && line.length() + GAP.length() + part.length() > columns) {
                lines.add(line);
                line = "";
            }
            line += line.isEmpty() ? part : GAP + part;
        }
        lines.add(line);
        return lines;
    }

    /** The time of today, or else the day. */
    private static String time(ClusterState.Happening happening, ZonedDateTime now) {
        ZonedDateTime at = happening.at().atZone(now.getZone());
        LocalDate today = now.toLocalDate();
        return at.format(at.toLocalDate().equals(today) ? TIME : DAY).substring(0, 8);
    }

    private static String cut(String line, int columns) {
        return line.length() <= columns || columns <= CUT.length()
                ? line
                : line.substring(0, columns - CUT.length()) + CUT;
    }
}
