package io.socketz.server.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The standard output of commands. It remembers why a write failed; a PrintWriter only tells that it did. */
final class StandardOutput extends OutputStream {
    private static final Path ITSELF = Path.of("/dev/fd/1");

    // Values of st_mode (POSIX).
    private static final int KIND = 0xf000;
    private static final int PIPE = 0x1000;
    private static final int SOCKET = 0xc000;

    private final OutputStream out = new FileOutputStream(FileDescriptor.out);

    /** The first failure; null if there was none. Written by whichever thread writes. */
    private volatile @Nullable IOException failure;

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            if (failure == null) {
                failure = e;
            }
            throw e;
        }
    }

    /** Why a write failed. Empty also if the reader has ended, such as {@code head}: that is not an error. */
    Optional<String> failure() {
        IOException e = failure;
        return e == null || isPipe() ? Optional.empty() : Optional.of(String.valueOf(e.getMessage()));
    }

    /** Whether only the end of its reader can make it fail. The exception does not tell: its text is in the user's language. */
    private static boolean isPipe() {
        try {
            int kind = (int) Files.getAttribute(ITSELF, "unix:mode") & KIND;
            return kind == PIPE || kind == SOCKET;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }
}
