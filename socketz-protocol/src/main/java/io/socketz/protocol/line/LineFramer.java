package io.socketz.protocol.line;

import java.util.Arrays;
import java.util.Objects;

/**
 * Cuts a stream of bytes into lines, wherever reads split it.
 *
 * <p>A line ends with LF or CRLF; neither is part of the line. A CR anywhere else is an ordinary byte of the line.
 * Lines that arrive whole are passed on in place, without a copy. Only the start of a line that has not ended
 * is kept, and every byte is examined once.
 *
 * <pre>{@code
 *                 LF: onLine                      more than maxLength bytes: onLineTooLong
 *                  +-----+                       +------------------------+
 *                  v     |                       |                        v
 *   (start) ---> COLLECTING ---------------------+                    DISCARDING
 *                  ^                                                      |
 *                  +------------------------------------------------------+
 *                                          LF
 * }</pre>
 *
 * <p>Memory: none between lines, at most {@code maxLength + 1} bytes within one. Not thread-safe.
 */
public final class LineFramer {
    /** Longest line of a request, in bytes, without its line end (docs/protocol.md, Requests). */
    public static final int DEFAULT_MAX_LENGTH = 1024;

    /** Largest limit that a framer can be given, in bytes. */
    public static final int LARGEST_MAX_LENGTH = Integer.MAX_VALUE / 2;

    private static final byte[] NOTHING = {};

    /** Takes each line. */
    public interface Sink {
        /**
         * A whole line. Its bytes are valid during the call only.
         *
         * @param buffer holds the line
         * @param from index of the first byte of the line
         * @param to index after the last byte of the line; {@code to - from} is 0 to {@code maxLength}
         * @return false to get no more lines for now
         */
        boolean onLine(byte[] buffer, int from, int to);

        /**
         * A line that is longer than {@code maxLength}. Called once for that line, as soon as this is known, which may be
         * before the line has ended; none of its bytes are delivered.
         *
         * @return false to get no more lines for now
         */
        boolean onLineTooLong();
    }

    private final int maxLength;

    /** The start of a line that has not ended; {@link #NOTHING} between lines. */
    private byte[] partial = NOTHING;

    /** How many bytes of {@link #partial} are in use. None of them is an LF, so none is examined again. */
    private int length;

    private boolean discarding;

    /**
     * A framer at the start of a line.
     *
     * @param maxLength longest line in bytes, without its line end: 1 to 1,073,741,823
     * @throws IllegalArgumentException if {@code maxLength} is out of that range
     */
    public LineFramer(int maxLength) {
        if (maxLength < 1 || maxLength > LARGEST_MAX_LENGTH) {
            throw new IllegalArgumentException("line length " + maxLength + " is not from 1 to " + LARGEST_MAX_LENGTH);
        }
        this.maxLength = maxLength;
    }

    /**
     * Takes the next bytes of the stream and passes the lines in them to {@code sink}.
     *
     * @return index of the first byte that was not taken: {@code to}, or less when {@code sink} wanted no more lines;
     *     the caller passes the bytes from there on again
     * @throws IndexOutOfBoundsException if the range is not within the buffer
     */
    public int frame(byte[] buffer, int from, int to, Sink sink) {
        Objects.checkFromToIndex(from, to, buffer.length);
        int start = from;
        if (!isAtLineStart()) {
            int lineFeed = indexOfLineFeed(buffer, from, to);
            if (lineFeed < 0) {
                keep(buffer, from, to, sink);
                return to;
            }
            start = lineFeed + 1;
            if (!finish(buffer, from, lineFeed, sink)) {
                return start;
            }
        }
        for (int i = start; i < to; i++) {
            if (buffer[i] == '\n') {
                boolean more = emit(buffer, start, i, sink);
                start = i + 1;
                if (!more) {
                    return start;
                }
            }
        }
        if (start < to) {
            keep(buffer, start, to, sink);
        }
        return to;
    }

    /** Whether all bytes taken so far belong to lines that have ended. */
    public boolean isAtLineStart() {
        return length == 0 && !discarding;
    }

    /** Bytes of the line that has not ended; 0 between lines. */
    public int pendingLength() {
        return length;
    }

    /** Whether the line that has not ended begins with {@code prefix}. */
    public boolean pendingStartsWith(byte[] prefix) {
        return length >= prefix.length && Arrays.equals(partial, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Bytes of memory for the line that has not ended; 0 between lines. */
    public int held() {
        return partial.length;
    }

    /** The line that began in an earlier read ends at {@code lineFeed}. */
    private boolean finish(byte[] buffer, int from, int lineFeed, Sink sink) {
        if (discarding) {
            discarding = false;
            return true;
        }
        if ((long) length + lineFeed - from > maxLength + 1) {
            forget();
            return sink.onLineTooLong();
        }
        append(buffer, from, lineFeed);
        byte[] line = partial;
        int end = length;
        forget();
        return emit(line, 0, end, sink);
    }

    private boolean emit(byte[] buffer, int from, int lineFeed, Sink sink) {
        int to = lineFeed > from && buffer[lineFeed - 1] == '\r' ? lineFeed - 1 : lineFeed;
        return to - from <= maxLength ? sink.onLine(buffer, from, to) : sink.onLineTooLong();
    }

    /** Keeps bytes without LF, which begin a line or continue one. */
    private void keep(byte[] buffer, int from, int to, Sink sink) {
        if (discarding || from == to) {
            return;
        }
        // A CR in the last place may be half of a line end, which does not count.
        int longest = buffer[to - 1] == '\r' ? maxLength + 1 : maxLength;
        if ((long) length + to - from > longest) {
            forget();
            discarding = true;
            sink.onLineTooLong();
            return;
        }
        append(buffer, from, to);
    }

    private void append(byte[] buffer, int from, int to) {
        int total = length + to - from;
        if (total > partial.length) {
            partial = Arrays.copyOf(partial, Math.min(Math.max(Math.max(total, 32), 2 * length), maxLength + 1));
        }
        System.arraycopy(buffer, from, partial, length, to - from);
        length = total;
    }

    private void forget() {
        partial = NOTHING;
        length = 0;
    }

    private static int indexOfLineFeed(byte[] buffer, int from, int to) {
        for (int i = from; i < to; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
