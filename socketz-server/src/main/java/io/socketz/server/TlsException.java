package io.socketz.server;

import java.io.IOException;

/** A file of {@link TlsOptions} cannot be used. The message is one line that begins with the file's name. */
public final class TlsException extends IOException {
    private static final long serialVersionUID = 1;

    TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
