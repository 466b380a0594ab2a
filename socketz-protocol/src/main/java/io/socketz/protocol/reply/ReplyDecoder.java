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
 * <p>Memory: the line that has begun, and a list of clients whose count has not come. Not thread-safe.
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

    /**
     * A decoder at the start of a connection.
     *
     * @param maxLineLength longest list of clients in bytes, as for {@link LineFramer}; any other line is
     *     {@link Reply#MAX_LINE_BYTES} at most
     * @param listener gets each reply, in order
     * @throws IllegalArgumentException if {@code maxLineLength} is out of range
     */
    public ReplyDecoder(int maxLineLength, Consumer<Reply> listener) {
        this.framer = new LineFramer(maxLineLength);
        this.listener = listener;
    }

    /**
     * Takes the next bytes from the server and passes on the replies that end in them.
     *
     * @throws MalformedReplyException if they are not replies; the connection cannot be used any more
     */
    public void decode(byte[] buffer, int from, int to) {
        framer.frame(buffer, from, to, lines);
        if (framer.pendingLength() > Reply.MAX_LINE_BYTES && !(acceptsLists && framer.pendingStartsWith(LIST_PREFIX))) {
            throw tooLong();
        }
    }

    /** Whether a list of clients may come from now on (default: true). If not, no line may be long. */
    public void acceptLists(boolean accept) {
        acceptsLists = accept;
    }

    private static MalformedReplyException tooLong() {
        return new MalformedReplyException(
                "a line of more than " + Reply.MAX_LINE_BYTES + " bytes, and no list of clients");
    }

    private void onLine(String line) {
        ReplyParser current = parser;
        if (current == null) {
            current = ReplyType.of(line).parser();
        }
        Reply reply = current.onLine(line);
        parser = reply == null ? current : null;
        if (reply != null) {
            listener.accept(reply);
        }
    }

    private final class Lines implements LineFramer.Sink {
        @Override
        public boolean onLine(byte[] buffer, int from, int to) {
            if (to - from > Reply.MAX_LINE_BYTES && !(acceptsLists && isList(buffer, from))) {
                throw tooLong();
            }
            ReplyDecoder.this.onLine(new String(buffer, from, to - from, StandardCharsets.UTF_8));
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
