package io.socketz.server;

import java.io.IOException;

/** The file of {@link SocketzServer.Builder#adminTokens} cannot be used. The message is one line, which names the file. */
public final class AdminTokensException extends IOException {
    private static final long serialVersionUID = 1;

    AdminTokensException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
