package io.socketz.protocol.reply;

/** A server sent something that is not a reply of this protocol. The message does not repeat what was sent. */
public final class MalformedReplyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedReplyException(String message) {
        super(message);
    }
}
