package io.socketz.server.command;

import io.socketz.protocol.reply.Reply;

/** A request cannot be answered as it is; the client is told why, in an error line. */
public final class RequestRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;
    private final String text;

    /**
     * A refusal.
     *
     * @param text what was expected
     */
    public RequestRefusedException(String code, String text) {
        super(code + " " + text, null, false, false);
        this.code = code;
        this.text = text;
    }

    /** The error line. */
    public Reply reply() {
        return new Reply.Failure(code, text);
    }
}
