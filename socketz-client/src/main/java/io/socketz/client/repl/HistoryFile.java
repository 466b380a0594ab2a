package io.socketz.client.repl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The file with the lines that were typed: for its owner alone, and no reason to fail. */
final class HistoryFile {
    /** Lines that are kept. */
    static final int MOST_LINES = 1000;

    private static final int LARGEST = 4 << 20;
    private static final String OWNER_ONLY = "rw-------";

    private HistoryFile() {}

    /** The same path if it is of use; empty if it can not be made, read or written, or holds something else. */
    static Optional<Path> prepare(Path path) {
        try {
            if (!Files.exists(path)) {
                // An attribute, so that it is nobody else's at any moment.
                Files.createFile(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
            } else if (!Files.isRegularFile(path) || !Files.isWritable(path) || Files.size(path) > LARGEST) {
                return Optional.empty();
            } else {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(OWNER_ONLY));
                Files.readString(path); // JLine gives up on what is no text
            }
            return Optional.of(path);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
