package io.socketz.server.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The standard output of commands. It remembers why it could not be written; a PrintWriter only tells that it could not. */
final class StandardOutput extends OutputStream {
    private static final Path ITSELF = Path.of("/dev/fd/1");

    // Of st_mode, as POSIX has it.
    private static final int KIND = 0xf000;
    private static final int PIPE = 0x1000;
    private static final int SOCKET = 0xc000;

    private final OutputStream out = new FileOutputStream(FileDescriptor.out);

    /** The first one; null while there was none. Written by whichever thread writes. */
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

    /** Why something could not be written. Empty also where nobody reads any more, as behind {@code head}: all is well then. */
    Optional<String> failure() {
        IOException e = failure;
        return e == null || isPipe() ? Optional.empty() : Optional.of(String.valueOf(e.getMessage()));
    }

    /** Whether only the end of its reader can have made it fail. Not by the exception, whose text is in the user's language. */
    private static boolean isPipe() {
        try {
            int kind = (int) Files.getAttribute(ITSELF, "unix:mode") & KIND;
            return kind == PIPE || kind == SOCKET;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }
}
