package io.socketz.server.cli;

import io.socketz.state.file.FileFailures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A password in a file, such as a mounted secret: its first line, since editors and {@code echo} add a line end. */
final class PasswordFile {
    private static final int MAX_BYTES = 4096;

    private PasswordFile() {}

    /** @throws IOException if the file has no password; its message is one line that begins with the file's name */
    static String read(Path file) throws IOException {
        byte[] bytes = bytes(file);
        String text = text(file, bytes);
        // No password is that long; and some files, such as /dev/zero, never end.
        if (bytes.length > MAX_BYTES && text.indexOf('\n') < 0) {
            throw new IOException(file + ": its first line is longer than " + MAX_BYTES + " bytes");
        }
        String password = text.lines().findFirst().orElse("");
        if (password.isEmpty()) {
            throw new IOException(file + ": its first line is empty");
        }
        return password;
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new IOException(file + ": " + FileFailures.why(e), e);
        }
    }

    private static String text(Path file, byte[] bytes) throws IOException {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, Math.min(end + 1, bytes.length)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": its first line is not UTF-8", e);
        }
    }
}
