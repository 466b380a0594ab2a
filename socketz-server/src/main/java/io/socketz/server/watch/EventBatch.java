package io.socketz.server.watch;

import io.socketz.state.Change;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events in the order in which they are told, each encoded once for all who watch. Does not change any more once it is sent. */
final class EventBatch implements Telling {
    private static final class Line {
        private final byte[] bytes;

        /** That it tells; null if everybody who watches gets it. */
        private final @Nullable Change change;

        Line(byte[] bytes, @Nullable Change change) {
            this.bytes = bytes;
            this.change = change;
        }
    }

    private final List<Line> lines = new ArrayList<>();

    /** For those who get everything; null before {@link #complete}. */
    private byte @Nullable [] all;

    void add(byte[] bytes, @Nullable Change change) {
        lines.add(new Line(bytes, change));
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Nothing is added any more. */
    EventBatch complete() {
        all = join(lines.stream().map(line -> line.bytes).toList());
        return this;
    }

    /** Everybody who gets everything gets the same array. */
    @Override
    public byte[] bytesFor(Watch watch) {
        byte[] everything = all;
        if (everything != null && watch.isUnfiltered()) {
            return everything;
        }
        return join(lines.stream()
                .filter(line -> line.change == null || watch.admits(line.change))
                .map(line -> line.bytes)
                .toList());
    }

    static byte[] join(List<byte[]> parts) {
        byte[] joined = new byte[parts.stream().mapToInt(part -> part.length).sum()];
        int end = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, joined, end, part.length);
            end += part.length;
        }
        return joined;
    }
}
