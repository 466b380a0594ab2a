package io.socketz.client.bench;

import io.socketz.client.tls.SecureChannel;
import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection, plain or secured.
 *
 * @param secure null for one that is plain
 */
record DialedChannel(SocketChannel socket, @Nullable SecureChannel secure) {
    /** What is read from and written to. */
    ByteChannel stream() {
        return secure == null ? socket : secure;
    }

    /** Closes it: nothing uses it any more. */
    void close() {
        try {
            stream().close();
        } catch (IOException e) {
            // Closed either way.
        }
    }
}
