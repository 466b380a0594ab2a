package io.socketz.client.console;

import io.socketz.protocol.reply.ReplyRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Records as a table: a column for each field. Ids are brief, and times are local. In a narrow window, columns that people
 * need least are left out, and the last one is cut. Of a list that is too long, it shows the end.
 */
public final class RecordTable {
    /** Fields that are times. */
    private static final Set<String> TIMES = Set.of("since", "left");

    private static final String ADDRESS = "addr";

    /** What is left out first if the window is too narrow. */
    private static final List<String> SPARE = List.of("via", "since", "server");

    /** The same of servers, whose number of clients must not be cut: what is left would be read as another number. */
    private static final List<String> SPARE_OF_SERVERS = List.of("via", "since", "server", ADDRESS);

    private static final String CLIENTS = "clients";
    private static final String ID = "id";
    private static final String GAP = "  ";
    private static final String CUT = "...";
    private static final String OWN = " (you)";

    /** The characters of a server's id that people see. */
    private static final int BRIEF = 8;

    /** The narrowest that a column is cut to. */
    private static final int LEAST = 8;

    private final int count;

    /** The fields of a record, by its index. */
    private final IntFunction<Map<String, String>> row;

    private final int width;
    private final int mostRows;
    private final String own;
    private final ZonedDateTime now;

    /**
     * A table.
     *
     * @param width of the window, 1 or more columns. A row is wider only if what cannot be left out is
     * @param mostRows 1 or more; an extra line counts the records before these if they do not fit
     * @param own the address of the client that asks, which is marked; empty if unknown
     * @param now for times of today, which are shown without the day, and for the time zone
     */
    public RecordTable(List<? extends ReplyRecord> records, int width, int mostRows, String own, ZonedDateTime now) {
        this(records.size(), index -> RecordFields.of(records.get(index)), width, mostRows, own, now);
    }

    private RecordTable(
            int count, IntFunction<Map<String, String>> row, int width, int mostRows, String own, ZonedDateTime now) {
        this.count = count;
        this.row = row;
        this.width = width;
        this.mostRows = mostRows;
        this.own = own;
        this.now = now;
    }

    /**
     * A table of fields that are not those of a record, all of them shown.
     *
     * @param rows the fields by their names, in the order of the columns, fit for a terminal
     */
    static RecordTable ofRows(List<Map<String, String>> rows, int width, ZonedDateTime now) {
        return new RecordTable(
                rows.size(), index -> new LinkedHashMap<>(rows.get(index)), width, Integer.MAX_VALUE, "", now);
    }

    /**
     * A line about the records that are not shown, if any; the names of the fields; and the rows. Nothing if there are no
     * records.
     *
     * @param ownInk colours the row of the own address
     * @param asideInk colours what is no record
     * @param rest how to see all
     */
    public List<String> lines(UnaryOperator<String> ownInk, UnaryOperator<String> asideInk, String rest) {
        if (count == 0) {
            return List.of();
        }
        int left = Math.max(0, count - mostRows);
        List<Map<String, String>> rows = new ArrayList<>(count - left);
        Set<String> keys = new LinkedHashSet<>();
        for (int i = left; i < count; i++) {
            Map<String, String> fields = row.apply(i);
            boolean isOwn = own.equals(fields.get(ADDRESS));
            fields.replaceAll(this::brief);
            if (isOwn) {
                fields.computeIfPresent(ADDRESS, (key, address) -> address + OWN);
            }
            keys.addAll(fields.keySet());
            rows.add(fields);
        }
        List<String> columns = new ArrayList<>(keys);
        List<String> leftOut = leaveOut(columns, rows);
        List<String> lines = new ArrayList<>();
        if (left > 0) {
            lines.add(asideInk.apply(String.format(Locale.ROOT, "... %,d more before these; %s", left, rest)));
        }
        Map<String, Integer> widths = widths(columns, rows);
        Map<String, String> names = columns.stream().collect(Collectors.toMap(key -> key, key -> key));
        lines.add(asideInk.apply(line(widths, names)));
        for (Map<String, String> fields : rows) {
            String line = line(widths, fields);
            lines.add(fields.getOrDefault(ADDRESS, "").endsWith(OWN) ? ownInk.apply(line) : line);
        }
        if (!leftOut.isEmpty()) {
            lines.add(asideInk.apply("no room for " + String.join(", ", leftOut) + "; " + rest));
        }
        return lines;
    }

    /** All fields of one record, a line for each. */
    public static List<String> fields(ReplyRecord record) {
        return RecordFields.of(record).entrySet().stream()
                .map(field -> String.format("%-11s %s", field.getKey(), field.getValue()))
                .toList();
    }

    private String brief(String key, String value) {
        if (key.equals(ID) && value.length() > BRIEF) {
            int slash = value.indexOf('/');
            return value.substring(0, BRIEF) + (slash < 0 ? "" : value.substring(slash));
        }
        return TIMES.contains(key) ? time(value) : value;
    }

    /** In the zone of this machine, without the day if that is today. */
    private String time(String value) {
        try {
            return ShownTime.of(Instant.parse(value), now);
        } catch (DateTimeException e) {
            return value;
        }
    }

    /** Removes columns until the others fit, and returns what was removed. */
    private List<String> leaveOut(List<String> columns, List<Map<String, String>> rows) {
        List<String> leftOut = new ArrayList<>();
        for (String key : columns.contains(CLIENTS) ? SPARE_OF_SERVERS : SPARE) {
            if (sum(fullWidths(columns, rows)) > width && columns.remove(key)) {
                leftOut.add(key);
            }
        }
        return leftOut;
    }

    /** The widths of the columns in their order; the last one is cut if the row would be too wide. */
    private Map<String, Integer> widths(List<String> columns, List<Map<String, String>> rows) {
        Map<String, Integer> widths = fullWidths(columns, rows);
        String last = columns.get(columns.size() - 1);
        int tooMuch = sum(widths) - width;
        if (tooMuch > 0) {
            widths.computeIfPresent(last, (key, wide) -> Math.max(Math.min(wide, LEAST), wide - tooMuch));
        }
        return widths;
    }

    private static Map<String, Integer> fullWidths(List<String> columns, List<Map<String, String>> rows) {
        Map<String, Integer> widths = new LinkedHashMap<>();
        for (String key : columns) {
            int wide = key.length();
            for (Map<String, String> row : rows) {
                wide = Math.max(wide, row.getOrDefault(key, "").length());
            }
            widths.put(key, wide);
        }
        return widths;
    }

    private static int sum(Map<String, Integer> widths) {
        int sum = GAP.length() * (widths.size() - 1);
        for (int wide : widths.values()) {
            sum += wide;
        }
        return sum;
    }

    private static String line(Map<String, Integer> widths, Map<String, String> row) {
        StringBuilder line = new StringBuilder();
        widths.forEach((key, wide) -> {
            String cell = row.getOrDefault(key, "");
            String fitting = cell.length() <= wide ? cell : cell.substring(0, wide - CUT.length()) + CUT;
            line.append(fitting).append(" ".repeat(wide - fitting.length())).append(GAP);
        });
        return line.toString().stripTrailing();
    }
}
