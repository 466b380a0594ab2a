package io.socketz.client.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The lines of a stream in UTF-8, ended by LF, CRLF or the end of the stream. The rest of a very long line is dropped:
 * no server accepts it, and it must not fill the memory.
 */
final class InputLines {
    /** More than any server accepts. */
    static final int MAX_BYTES = 4 << 10;

    private final InputStream in;

    InputLines(InputStream in) {
        this.in = in;
    }

    /** The next line; empty at the end. */
    Optional<String> next() throws IOException {
        byte[] line = new byte[128];
        int length = 0;
        int b = in.read();
        if (b < 0) {
            return Optional.empty();
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (length == line.length && length < MAX_BYTES) {
                line = Arrays.copyOf(line, 2 * length);
            }
            if (length < line.length) {
                line[length++] = (byte) b;
            }
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        // A CR within the line is not an end of line here, and the client would refuse it; the server refuses '?' just
        // as well.
        return Optional.of(new String(line, 0, length, StandardCharsets.UTF_8).replace('\r', '?'));
    }
}
