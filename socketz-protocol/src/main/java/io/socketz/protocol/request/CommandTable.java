package io.socketz.protocol.request;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The commands that a server understands, in the order in which help shows them. The parser, the usage line, help,
 * completion and the client's expectation of replies come from it, and tests compare the tables in docs/ with it.
 * Immutable.
 */
public final class CommandTable {
    /** The rows of one verb, in the order in which they read a line. */
    private static final class Verb {
        private final Word word;
        private final CommandRow[] rows;

        private Verb(Word word, CommandRow[] rows) {
            this.word = word;
            this.rows = rows;
        }
    }

    private final List<CommandRow> rows;
    private final Verb[] verbs;
    private final String usage;

    private CommandTable(List<CommandRow> rows) {
        this.rows = rows;
        this.verbs = verbs(rows);
        this.usage = rows.stream()
                .filter(CommandRow::isInUsageLine)
                .map(row -> "'" + row.verb() + "'")
                .distinct()
                .collect(Collectors.joining(", ", "use ", ""));
    }

    /**
     * A table of these rows.
     *
     * @throws IllegalArgumentException if two rows have the same words
     */
    public static CommandTable of(List<CommandRow> rows) {
        Set<String> words = new HashSet<>();
        for (CommandRow row : rows) {
            if (!words.add(row.words())) {
                throw new IllegalArgumentException("two commands are called " + row.words());
            }
        }
        return new CommandTable(List.copyOf(rows));
    }

    private static Verb[] verbs(List<CommandRow> rows) {
        List<Verb> verbs = new ArrayList<>();
        for (CommandRow row : rows) {
            String verb = row.verb().toString();
            if (verbs.stream().noneMatch(known -> known.word.toString().equals(verb))) {
                CommandRow[] own = rows.stream()
                        .filter(each -> each.verb().toString().equals(verb))
                        // VERB [text] takes every line: whatever the order of the table, the other rows read first.
                        .sorted(Comparator.comparing(CommandRow::takesAnyLine))
                        .toArray(CommandRow[]::new);
                verbs.add(new Verb(row.verb(), own));
            }
        }
        return verbs.toArray(Verb[]::new);
    }

    /** The rows, in the order in which help shows them. */
    public List<CommandRow> rows() {
        return rows;
    }

    /** What a server understands, for people: {@code use 'WHY', 'WHO', 'WHERE', 'QUIT'}. */
    public String usage() {
        return usage;
    }

    /** The request in a line, without its line end, as a person types it. */
    public Request parse(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return parse(bytes, 0, bytes.length);
    }

    /**
     * The request in {@code buffer[from, to)}, a line without its end (docs/protocol.md, Requests). Words may be in any
     * case. Blanks (spaces and tabs) separate words and are ignored at either end. A line without text makes no new object.
     */
    public Request parse(byte[] buffer, int from, int to) {
        int start = Word.begin(buffer, from, to);
        if (start == to) {
            return Request.Empty.INSTANCE;
        }
        int end = Word.end(buffer, start, to);
        long packed = Word.pack(buffer, start, end);
        for (Verb verb : verbs) {
            if (verb.word.is(packed, end - start)) {
                return parse(verb, buffer, end, to);
            }
        }
        return Request.Invalid.INSTANCE;
    }

    private static Request parse(Verb verb, byte[] buffer, int from, int to) {
        for (CommandRow row : verb.rows) {
            Request request = row.read(buffer, from, to);
            if (request != null) {
                return request;
            }
        }
        return Request.Invalid.INSTANCE;
    }
}
