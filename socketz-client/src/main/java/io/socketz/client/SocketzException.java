package io.socketz.client;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, by a name that a program can act on; the message is one line for people. A future fails with it as the
 * cause of its {@link java.util.concurrent.ExecutionException} or {@link java.util.concurrent.CompletionException}.
 */
public final class SocketzException extends IOException {
    private static final long serialVersionUID = 1;

    /** What went wrong. */
    public enum Reason {
        /** No address led to a server; {@link SocketzException#attempts} says for each of them why. */
        CONNECT_FAILED,
        /** An address: no greeting and no id within the time for connecting. */
        CONNECT_TIMEOUT,
        /** An address: its name is not known, or is not to be looked up now. */
        UNKNOWN_HOST,
        /** There was no connection while the request could wait for one. It was not sent. */
        NOT_CONNECTED,
        /** The connection ended before the reply came. The request may have been answered, and is not sent again. */
        CONNECTION_LOST,
        /** No reply in time. The request may have been answered, and is not sent again. */
        REQUEST_TIMEOUT,
        /** More requests at a time, or more bytes of them, than the client may keep. It was not sent. */
        TOO_MANY_PENDING,
        /** The server answered with an error; {@link SocketzException#code} is its name. */
        SERVER_ERROR,
        /** The server does not know that command. */
        INVALID_COMMAND,
        /** What came is no reply, or none to what was asked: not a server of this protocol. The connection was closed. */
        MALFORMED_REPLY,
        /** The client was closed, or has quit, before there was a reply. */
        CLOSED
    }

    private final Reason reason;
    private final String code;

    /** Not sent along when this is serialized. */
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

    /** With the code of the server's error. */
    SocketzException(Reason reason, String message, String code) {
        this(reason, message, code, List.of(), null);
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

    /** The code of the server's {@code error CODE text} that this comes from; empty if it comes from none. */
    public String code() {
        return code;
    }

    /** The addresses that were tried, in that order; of {@link Reason#CONNECT_FAILED} alone. */
    public List<Attempt> attempts() {
        return attempts == null ? List.of() : attempts;
    }
}
