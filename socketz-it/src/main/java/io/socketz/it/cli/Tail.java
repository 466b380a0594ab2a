package io.socketz.it.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Follows a file as it grows; it need not exist yet, and may be deleted meanwhile. It may be larger than the memory. For one
 * thread.
 */
final class Tail implements AutoCloseable {
    private static final int BUFFER_SIZE = 64 << 10;

    private final Path path;
    private final PrintWriter out;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);

    /** Between two calls, the first bytes of a character whose others are still to come. */
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_SIZE);

    private final CharBuffer chars = CharBuffer.allocate(BUFFER_SIZE);

    /** Null before the file exists. */
    private @Nullable ByteChannel file;

    private boolean shown;

    Tail(Path path, PrintWriter out) {
        this.path = path;
        this.out = out;
    }

    /** Prints what was added since the last call. */
    void show() throws IOException {
        if (file == null) {
            try {
                file = Files.newByteChannel(path);
            } catch (NoSuchFileException e) {
                return;
            }
        }
        while (file.read(bytes) >= 0) {
            shown = true;
            decoder.decode(bytes.flip(), chars, false);
            bytes.compact();
            out.append(chars.flip());
            chars.clear();
        }
        out.flush();
    }

    boolean hasShown() {
        return shown;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
