package io.socketz.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A password in a file, such as a mounted secret: its first line, since editors and {@code echo} add a line end. */
final class PasswordFile {
    private static final int MAX_BYTES = 4096;

    private PasswordFile() {}

    /** @throws IOException if the file has no password; its message is one line that begins with the file's name */
    static String read(Path file) throws IOException {
        byte[] bytes = bytes(file);
        String text = text(file, bytes);
        // Nothing longer than this is a password, nor is a file that never ends.
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
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + ": permission denied", e);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
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
