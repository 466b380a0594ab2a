package io.socketz.it.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Follows a file as it grows; it need not exist yet, and may be deleted meanwhile. For one thread. */
final class Tail implements AutoCloseable {
    private final Path path;
    private final PrintWriter out;
    private InputStream file = InputStream.nullInputStream();
    private boolean open;
    private boolean shown;

    Tail(Path path, PrintWriter out) {
        this.path = path;
        this.out = out;
    }

    /** Prints what was added since the last call. */
    void show() throws IOException {
        if (!open) {
            try {
                file = Files.newInputStream(path);
                open = true;
            } catch (NoSuchFileException e) {
                return;
            }
        }
        byte[] more = file.readAllBytes();
        shown |= more.length > 0;
        out.print(new String(more, StandardCharsets.UTF_8));
        out.flush();
    }

    boolean hasShown() {
        return shown;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
