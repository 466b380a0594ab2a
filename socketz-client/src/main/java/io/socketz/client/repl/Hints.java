package io.socketz.client.repl;

import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What may follow what was typed, from the two tables of commands: for hints and completion. Pure. */
final class Hints {
    /** A row of either table: words, of which those in capitals behind a local command are to be filled in. */
    private record Row(List<String> words, boolean local, String help) {
        String text() {
            return String.join(" ", words);
        }
    }

    private static final List<Row> ROWS = rows();

    private Hints() {}

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (CommandRow row : BuiltInCommands.TABLE.rows()) {
            rows.add(new Row(List.of(row.syntax().split(" ")), false, row.help()));
        }
        for (LocalCommand command : LocalCommand.values()) {
            List<String> words = new ArrayList<>(List.of("/" + command.word()));
            words.addAll(command.arguments());
            rows.add(new Row(words, true, command.help()));
        }
        return rows;
    }

    /**
     * What to show behind {@code typed}: the rest of the only command that begins so, and its help; or the commands that
     * do. Empty if nothing does.
     */
    static String behind(String typed) {
        String line = slashed(typed.toUpperCase(Locale.ROOT));
        if (line.isBlank()) {
            return "";
        }
        List<Row> begun = new ArrayList<>();
        for (Row row : ROWS) {
            String text = row.text().toUpperCase(Locale.ROOT);
            if (text.equals(line)) {
                return "  " + row.help();
            }
            if (text.startsWith(line)) {
                begun.add(row);
            }
        }
        if (begun.isEmpty()) {
            return behindWords(line);
        }
        if (begun.size() > 1) {
            return "  "
                    + begun.stream().map(row -> row.words().get(0)).distinct().collect(Collectors.joining(" "));
        }
        Row only = begun.get(0);
        return only.text().substring(line.length()) + "  " + only.help();
    }

    /** Behind a local command and some of its words: those that are missing. */
    private static String behindWords(String line) {
        String[] typed = line.strip().split("\\s+", -1);
        for (Row row : ROWS) {
            if (row.local() && row.words().get(0).equalsIgnoreCase(typed[0])) {
                int given = Math.min(typed.length, row.words().size());
                String missing =
                        String.join(" ", row.words().subList(given, row.words().size()));
                return missing.isEmpty() ? "" : (line.endsWith(" ") ? "" : " ") + missing;
            }
        }
        return "";
    }

    /** What the word at {@code index} may be, where those before it are {@code words}. */
    static List<String> candidates(List<String> words, int index) {
        if (index > 0 && LocalCommand.isLocal(words.get(0))) {
            return behindLocal(words, index);
        }
        boolean dotted = index == 0 && words.get(0).startsWith(".");
        return ROWS.stream()
                .filter(row -> row.words().size() > index && isBegunBy(row, words, index))
                .filter(row -> index == 0 || !row.local())
                .map(row -> row.words().get(index))
                .filter(word -> !word.startsWith("[")) // to be filled in
                .map(word -> dotted && word.startsWith("/") ? "." + word.substring(1) : word)
                .distinct()
                .toList();
    }

    /** Where a local command wants one of the server's, those. */
    private static List<String> behindLocal(List<String> words, int index) {
        String first = slashed(words.get(0));
        for (LocalCommand command : LocalCommand.values()) {
            if (!first.equalsIgnoreCase("/" + command.word())) {
                continue;
            }
            if (command == LocalCommand.PLAIN && index == 1) {
                return List.of("on", "off");
            }
            int at = start(command, words, index);
            return at > 0 && at <= index
                    ? candidates(words.subList(at, words.size()), index - at).stream()
                            .filter(word -> !word.startsWith("/"))
                            .toList()
                    : List.of();
        }
        return List.of();
    }

    /** Where the command of the server begins, as a word of the line; 0 if there is none. */
    private static int start(LocalCommand command, List<String> words, int index) {
        int at = command.arguments().indexOf("COMMAND") + 1;
        if (at == 0) {
            return 0;
        }
        long optional = command.arguments().stream()
                .filter(each -> each.startsWith("["))
                .count();
        // An interval that may be left out was, unless it is there.
        boolean isThere = at - 1 < index && Arguments.isTime(words.get(at - 1));
        return optional > 0 && !isThere ? at - 1 : at;
    }

    private static boolean isBegunBy(Row row, List<String> words, int index) {
        for (int i = 0; i < index; i++) {
            if (!row.words().get(i).equalsIgnoreCase(words.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** With a slash where a dot was typed. */
    private static String slashed(String typed) {
        return typed.startsWith(".") ? "/" + typed.substring(1) : typed;
    }

    /** Both tables, in their order: how each command is written, and what it does. */
    static Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        ROWS.forEach(row -> table.put(row.text(), row.help()));
        return table;
    }
}
