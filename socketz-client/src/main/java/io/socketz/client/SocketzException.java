package io.socketz.client;

import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.reply.Reply;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a request or a connection failed: {@link #reason} for programs, the message as one line for people. When a future
 * fails, this is the cause of its {@link java.util.concurrent.ExecutionException} or {@link
 * java.util.concurrent.CompletionException}.
 */
public final class SocketzException extends IOException {
    private static final long serialVersionUID = 1;

    /** What went wrong. */
    public enum Reason {
        /** No address led to a server; {@link SocketzException#attempts} says why for each of them. */
        CONNECT_FAILED,
        /** At one address: no greeting or no id within the time for connecting. */
        CONNECT_TIMEOUT,
        /** At one address: its name is unknown, or cannot be looked up now. */
        UNKNOWN_HOST,
        /** There was no connection for as long as the request could wait. It was not sent. */
        NOT_CONNECTED,
        /** The connection ended before the reply came. The request may have been answered, and is not sent again. */
        CONNECTION_LOST,
        /** No reply came in time. The request may have been answered, and is not sent again. */
        REQUEST_TIMEOUT,
        /** More requests, or more bytes of them, were waiting than the client may keep. It was not sent. */
        TOO_MANY_PENDING,
        /** The server answered with an error; {@link SocketzException#code} is its name. */
        SERVER_ERROR,
        /** The server does not know that command. */
        INVALID_COMMAND,
        /**
         * What came is not a reply, or not one to what was asked: the peer does not speak this protocol. The connection
         * was closed.
         */
        MALFORMED_REPLY,
        /** The client was closed, or has quit, before there was a reply. */
        CLOSED
    }

    private static final Pattern ID =
            Pattern.compile("\\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[1-9][0-9]{0,17}\\b");

    private final Reason reason;
    private final String code;

    /** Not serialized. */
    private final transient @Nullable List<Attempt> attempts;

    private SocketzException(
            Reason reason, String message, String code, List<Attempt> attempts, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.code = code;
        this.attempts = List.copyOf(attempts);
    }

    SocketzException(Reason reason, String message) {
        this(reason, message, "", List.of(), null);
    }

    SocketzException(Reason reason, String message, Throwable cause) {
        this(reason, message, "", List.of(), cause);
    }

    /**
     * From an error that the server sent.
     *
     * @param before what the message says before the error itself
     */
    static SocketzException of(Reason reason, String before, Reply.Failure failure) {
        String text = failure.text().isEmpty() ? failure.code() : failure.code() + " " + failure.text();
        return new SocketzException(reason, before + text, failure.code(), List.of(), null);
    }

    /** For requests of a client that was closed, or has quit. */
    static SocketzException closed() {
        return new SocketzException(Reason.CLOSED, "the client is closed");
    }

    /** That no address led to a server. */
    static SocketzException connectFailed(List<Attempt> attempts) {
        StringBuilder message = new StringBuilder();
        for (Attempt attempt : attempts) {
            message.append(message.length() == 0 ? "" : "; ").append(attempt);
        }
        return new SocketzException(Reason.CONNECT_FAILED, message.toString(), "", attempts, null);
    }

    /** What went wrong. */
    public Reason reason() {
        return reason;
    }

    /** The code of the server's {@code error CODE text} that caused this; empty if none did. */
    public String code() {
        return code;
    }

    /**
     * The clients that the server's error names: of {@code KICK_TIMEOUT}, those that are still there, or the first five of them.
     * Empty if it names none.
     */
    public List<ClientId> clients() {
        return code.isEmpty()
                ? List.of()
                : ID.matcher(String.valueOf(getMessage()))
                        .results()
                        .map(id -> ClientId.parse(id.group()))
                        .toList();
    }

    /** The failed attempts in order; only of {@link Reason#CONNECT_FAILED}. */
    public List<Attempt> attempts() {
        return attempts == null ? List.of() : attempts;
    }
}
