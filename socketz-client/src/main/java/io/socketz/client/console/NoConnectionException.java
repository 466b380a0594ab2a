package io.socketz.client.console;

import java.io.IOException;

/** There is no server at any of the addresses; the message says for each of them why, in one line. */
public final class NoConnectionException extends IOException {
    private static final long serialVersionUID = 1;

    NoConnectionException(String message, Throwable cause) {
        super(message, cause);
    }
}
