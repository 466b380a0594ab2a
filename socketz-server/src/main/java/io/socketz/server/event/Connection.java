package io.socketz.server.event;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client of this server, for the program that embeds it: one object from its greeting to its end. May be used by any
 * thread; no method blocks.
 *
 * <pre>{@code
 *   greeted --> open --close, or any other CloseReason--> closed: nothing is taken any more
 * }</pre>
 */
public interface Connection {
    /**
     * Bytes of lines, and 32 more for each line, that may wait for a client that does not read fast enough. They count until
     * the client has taken everything that waits for it.
     */
    int MAX_WAITING_BYTES = 1 << 20;

    /** {@code SERVER-ID/NUMBER}, as the roster shows it: no other client ever has the same one. */
    String id();

    /** {@code address:port} of the client; that in the PROXY header, if there is one. */
    String address();

    /** {@code address:port} of the proxy in between; empty if the client connected directly. */
    Optional<String> via();

    /** When it joined, in whole milliseconds. */
    Instant since();

    /** What the client calls itself now; nobody checks it. Empty if it has no name. */
    Optional<String> name();

    /** Whether it has not ended, and nobody has called {@link #close}. */
    boolean isOpen();

    /**
     * Sends a line between two replies, after those that were taken before. That it was taken does not mean that the client
     * has got it.
     *
     * <p>A reader of the protocol takes a line for the answer to its request, unless it is an event. {@code event 0 message
     * hello} is for this: the client library hands its text to its listener, at any time. {@link
     * io.socketz.protocol.reply.Event.Message} writes such lines. What other lines mean, the program and its clients have to
     * agree on.
     *
     * @param line 1 to 1,024 bytes of UTF-8 without control characters; a line as for {@link
     *     io.socketz.protocol.reply.Reply.Line}, or an event of a kind that {@code WATCH} does not send
     * @return whether it was taken: not if it would make more than {@link #MAX_WAITING_BYTES} wait, and not once the
     *     connection is closed
     * @throws IllegalArgumentException if the line does not have this form
     */
    boolean send(String line);

    /**
     * Ends the connection once everything before is sent, for the reason {@link CloseReason#CLOSED_BY_SERVER}. The client
     * waits for no answer any more. Does nothing if it has ended.
     *
     * @param reason what the client is told: at most 1,000 bytes of UTF-8 without control characters; perhaps nothing
     * @throws IllegalArgumentException if the reason does not have this form
     */
    void close(String reason);

    /** Keeps an object of the program with this connection, instead of the one before; null for none. */
    void attach(@Nullable Object attachment);

    /**
     * The object that {@link #attach} keeps; empty if there is none.
     *
     * @throws ClassCastException if it is of another type
     */
    <T> Optional<T> attachment(Class<T> type);
}
