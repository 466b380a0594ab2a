package io.socketz.client.console;

import java.io.IOException;

/** There is no connection, or not as many as were wanted; the message says in one line why, for each address that was tried. */
public final class NoConnectionException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param message for the user */
    public NoConnectionException(String message) {
        super(message);
    }

    NoConnectionException(String message, Throwable cause) {
        super(message, cause);
    }
}
