package io.socketz.protocol.reply;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Parses a block of records.
 *
 * @param <R> the type of its records
 */
final class BlockParser<R extends ReplyRecord> implements ReplyParser {
    private final Function<String, R> reader;
    private final BiFunction<String, List<R>, Block> maker;
    private final List<R> records = new ArrayList<>();

    /** Null until the first line has come. */
    private @Nullable String header;

    private int lines;

    /**
     * A parser before the first line.
     *
     * @param reader reads one line
     * @param maker makes the block of its first line and its records
     */
    BlockParser(Function<String, R> reader, BiFunction<String, List<R>, Block> maker) {
        this.reader = reader;
        this.maker = maker;
    }

    @Override
    public @Nullable Reply onLine(String line) {
        String first = header;
        if (first == null) {
            header = line;
            lines = BlockFormat.lines(line);
            // Made at once: a first line that cannot be read must not be found out after a million others.
            Block empty = maker.apply(line, List.of());
            return lines == 0 ? empty : null;
        }
        records.add(reader.apply(line));
        return records.size() == lines ? maker.apply(first, Collections.unmodifiableList(records)) : null;
    }
}
