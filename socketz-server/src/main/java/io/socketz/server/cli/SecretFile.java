package io.socketz.server.cli;

import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/**
 * Who may use a file that holds a secret. A group may read it, so that a server can use secrets that belong to root. Symbolic
 * links are followed, since Kubernetes mounts secrets that way.
 */
final class SecretFile {
    private SecretFile() {}

    /** What is wrong with the permissions of {@code file}, and how to fix it; empty if others have no access. */
    static Optional<String> warning(String option, Path file) {
        Set<PosixFilePermission> permissions;
        try {
            permissions = Files.getPosixFilePermissions(file);
        } catch (IOException | UnsupportedOperationException e) { // a file system without such permissions
            return Optional.empty();
        }
        boolean read = permissions.contains(OTHERS_READ);
        boolean write = permissions.contains(OTHERS_WRITE);
        if (!read && !write) {
            return Optional.empty();
        }
        String access = read && write ? "read and change" : read ? "read" : "change";
        return Optional.of(option + ": every user of this machine may " + access + " " + file + " (mode "
                + mode(permissions) + "): chmod 600 " + file);
    }

    /** As chmod takes it: {@code 0644}. */
    private static String mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission each : PosixFilePermission.values()) { // from the owner's read to others' execute
            mode = mode << 1 | (permissions.contains(each) ? 1 : 0);
        }
        return String.format("%04o", mode);
    }
}
