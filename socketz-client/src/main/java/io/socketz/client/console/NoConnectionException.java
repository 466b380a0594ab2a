package io.socketz.client.console;

import java.io.IOException;

/** No connection could be made, or too few; the message says why in one line, for each address that was tried. */
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
