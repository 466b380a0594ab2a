package io.socketz.server.nio;

import java.io.Closeable;
import java.io.IOException;

/** Closes what nobody needs any more: an error while closing changes nothing, and is not reported. */
public final class Quietly {
    private Quietly() {}

    /** Closes {@code resource}. */
    public static void close(Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            // Closed all the same.
        }
    }
}
