package io.socketz.protocol.request;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

    /** Finds verbs by their packed words: open addressing, at most half full, so that a search allocates nothing. */
    private static final class VerbIndex {
        private final @Nullable Verb[] slots;
        private final int mask;

        VerbIndex(List<Verb> verbs) {
            slots = new Verb[Integer.highestOneBit(Math.max(1, verbs.size())) * 4];
            mask = slots.length - 1;
            for (Verb verb : verbs) {
                int slot = slot(verb.word.packed());
                while (slots[slot] != null) {
                    slot = (slot + 1) & mask;
                }
                slots[slot] = verb;
            }
        }

        @Nullable
        Verb find(long packed, int length) {
            int slot = slot(packed);
            for (Verb verb = slots[slot]; verb != null; verb = slots[slot]) {
                if (verb.word.is(packed, length)) {
                    return verb;
                }
                slot = (slot + 1) & mask;
            }
            return null;
        }

        /** Fibonacci hashing (Knuth, volume 3, section 6.4): the high bits of the product depend on all of the word. */
        private int slot(long packed) {
            return (int) ((packed * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        }
    }

    /** So many verbs are looked at one by one, which is faster than the index for those that come first. */
    private static final int FIRST_VERBS = 16;

    private final List<CommandRow> rows;
    private final Verb[] firstVerbs;

    /** The other verbs. */
    private final VerbIndex moreVerbs;

    private final String usage;

    private CommandTable(List<CommandRow> rows) {
        this.rows = rows;
        List<Verb> verbs = verbs(rows);
        int first = Math.min(FIRST_VERBS, verbs.size());
        this.firstVerbs = verbs.subList(0, first).toArray(Verb[]::new);
        this.moreVerbs = new VerbIndex(verbs.subList(first, verbs.size()));
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

    private static List<Verb> verbs(List<CommandRow> rows) {
        Map<String, List<CommandRow>> byVerb = rows.stream()
                .collect(Collectors.groupingBy(row -> row.verb().toString(), LinkedHashMap::new, Collectors.toList()));
        return byVerb.values().stream()
                .map(own -> new Verb(
                        own.get(0).verb(),
                        own.stream()
                                // A verb alone reads every line, so the other rows read first, in any table.
                                .sorted(Comparator.comparing(CommandRow::readsAnyLine))
                                .toArray(CommandRow[]::new)))
                .toList();
    }

    /** A table of the rows of this one, and then of these. */
    public CommandTable with(List<CommandRow> more) {
        return of(Stream.concat(rows.stream(), more.stream()).toList());
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
        for (Verb verb : firstVerbs) {
            if (verb.word.is(packed, end - start)) {
                return parse(verb, buffer, end, to);
            }
        }
        Verb verb = moreVerbs.find(packed, end - start);
        return verb == null ? Request.Invalid.INSTANCE : parse(verb, buffer, end, to);
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
