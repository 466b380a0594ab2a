package io.socketz.client.repl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The file of lines typed before. Readable by its owner only; whatever is wrong with it, the prompt works. */
final class HistoryFile {
    /** The most lines to keep. */
    static final int MOST_LINES = 1000;

    private static final int LARGEST_BYTES = 4 << 20;
    private static final String OWNER_ONLY = "rw-------";

    private HistoryFile() {}

    /** The same path if it can be used; empty if it cannot be made, read or written, or is no text. */
    static Optional<Path> prepare(Path path) {
        try {
            if (!Files.exists(path)) {
                // As an attribute, so that nobody else can read it at any moment.
                Files.createFile(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
            } else if (!Files.isRegularFile(path) || !Files.isWritable(path) || Files.size(path) > LARGEST_BYTES) {
                return Optional.empty();
            } else {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(OWNER_ONLY));
                Files.readString(path); // JLine fails if this is no text
            }
            return Optional.of(path);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
