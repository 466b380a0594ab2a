package io.socketz.protocol.reply;

/** What a server sent is no reply of this protocol. */
public final class MalformedReplyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedReplyException(String message) {
        super(message);
    }
}
