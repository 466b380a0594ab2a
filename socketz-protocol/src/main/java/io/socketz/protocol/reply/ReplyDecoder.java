package io.socketz.protocol.reply;

import io.socketz.protocol.line.LineFramer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes that a server sends into replies. The first line of a reply shows its type, so reading needs no
 * knowledge of the requests. {@code WHO FRESH} is answered by two: a {@link Reply.ClientList}, then a {@link Reply.Freshness}.
 *
 * <p>Memory: the line that has begun, and the lines of the reply that has begun: all together no more bytes than the
 * longest list of clients, and of a block no more than a million lines. Not thread-safe.
 */
public final class ReplyDecoder {
    /** Default for the longest list of clients, in bytes: about three million clients. */
    public static final int DEFAULT_MAX_LINE_LENGTH = 64 << 20;

    private static final byte[] LIST_PREFIX = ClientListFormat.LIST_PREFIX.getBytes(StandardCharsets.US_ASCII);

    private final LineFramer framer;
    private final Consumer<Reply> listener;
    private final Lines lines = new Lines();

    /** Parses the reply that has begun; null between replies. */
    private @Nullable ReplyParser parser;

    private boolean acceptsLists = true;

    private final int maxLength;

    /** Bytes of the lines after the first one of the reply that has begun; 0 between replies. */
    private int length;

    /**
     * A decoder at the start of a connection.
     *
     * @param maxLineLength longest list of clients in bytes, as for {@link LineFramer}, and longest block; any other line,
     *     in a block or not, is {@link Reply#MAX_LINE_BYTES} at most
     * @param listener gets each reply, in order
     * @throws IllegalArgumentException if {@code maxLineLength} is out of range
     */
    public ReplyDecoder(int maxLineLength, Consumer<Reply> listener) {
        this.framer = new LineFramer(maxLineLength);
        this.maxLength = maxLineLength;
        this.listener = listener;
    }

    /**
     * Takes the next bytes from the server and passes on the replies that end in them.
     *
     * @throws MalformedReplyException if they are not replies; the connection cannot be used any more
     */
    public void decode(byte[] buffer, int from, int to) {
        framer.frame(buffer, from, to, lines);
        if (framer.pendingLength() > Reply.MAX_LINE_BYTES
                && !(mayBeginList() && framer.pendingStartsWith(LIST_PREFIX))) {
            throw tooLong();
        }
    }

    /** Whether a list of clients or a block may come from now on (default: true). If not, every reply is short. */
    public void acceptLists(boolean accept) {
        acceptsLists = accept;
    }

    private static MalformedReplyException tooLong() {
        return new MalformedReplyException(
                "a line of more than " + Reply.MAX_LINE_BYTES + " bytes, and no list of clients");
    }

    /** A list is a reply of its own, never a line of another. */
    private boolean mayBeginList() {
        return acceptsLists && parser == null;
    }

    private void onLine(String line, int bytes) {
        ReplyParser current = parser;
        if (current == null) {
            current = begin(line);
        } else {
            length += bytes + 1;
            if (length > maxLength) {
                throw new MalformedReplyException("a block of more than " + maxLength + " bytes");
            }
        }
        Reply reply = current.onLine(line);
        parser = reply == null ? current : null;
        if (reply != null) {
            length = 0;
            listener.accept(reply);
        }
    }

    private ReplyParser begin(String line) {
        ReplyType type = ReplyType.of(line);
        if (type.isBlock() && !acceptsLists) {
            throw new MalformedReplyException("a block that nobody asked for");
        }
        return type.parser();
    }

    private final class Lines implements LineFramer.Sink {
        @Override
        public boolean onLine(byte[] buffer, int from, int to) {
            if (to - from > Reply.MAX_LINE_BYTES && !(mayBeginList() && isList(buffer, from))) {
                throw tooLong();
            }
            ReplyDecoder.this.onLine(new String(buffer, from, to - from, StandardCharsets.UTF_8), to - from);
            return true;
        }

        /** The line must be longer than the prefix. */
        private boolean isList(byte[] buffer, int from) {
            return Arrays.equals(buffer, from, from + LIST_PREFIX.length, LIST_PREFIX, 0, LIST_PREFIX.length);
        }

        @Override
        public boolean onLineTooLong() {
            throw new MalformedReplyException("a line that is too long");
        }
    }
}
