package io.socketz.it.cli;

import io.socketz.it.Folders;
import io.socketz.it.TopologyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a topology, claimed by the one process that runs it with a lock on a file. The system releases the lock
 * however that process ends, so what a dead process left is recognised and deleted.
 */
final class Project implements AutoCloseable {
    private static final String LOCK = "lock";

    /** Whoever can reach the socket can end everything, and logs name clients. */
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    /** The output of a detached process; created by the process that starts it. */
    static final String OUT = "up.out";

    static final String ERR = "up.err";

    /** Also what orders, a JVM or the kernel may leave in the folder when a process is killed or crashes. */
    private static final Pattern OURS =
            Pattern.compile("lock|socket|up\\.(out|err)|(etcd|server|haproxy)\\d\\d(\\.log)?"
                    + "|etcdctl\\d+\\.(out|err)|(hs_err_|replay_)pid\\d+\\.log|core(\\.\\d+)?");

    private final Path folder;
    private final FileChannel lock;

    private Project(Path folder, FileChannel lock) {
        this.folder = folder;
        this.lock = lock;
    }

    /**
     * Claims the folder; creates it if needed, and empties it.
     *
     * @throws TopologyException if another process has claimed it, or it cannot be used
     */
    static Project claim(ProjectOptions options) {
        Path folder = options.folder();
        var unused = options.socket(); // fails if it is too long
        try {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PRIVATE));
            if (!isOurs(folder)) {
                throw new TopologyException(
                        "'" + folder + "' holds other files: choose another with --data or --project");
            }
            Files.setPosixFilePermissions(folder, PRIVATE); // an old one may have other permissions
            Project project = lock(options);
            project.empty();
            return project;
        } catch (AccessDeniedException e) {
            throw new TopologyException("no permission to write to '" + e.getFile() + "': choose another with --data");
        } catch (IOException e) {
            throw new TopologyException(
                    "cannot use '" + folder + "' (" + e.getMessage() + "): choose another with --data");
        }
    }

    /** What it empties must be its own, also where somebody else has a file of the same name as {@link #LOCK}. */
    private static boolean isOurs(Path folder) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.list(folder)) {
            names = files.map(file -> file.getFileName().toString()).toList();
        }
        return names.isEmpty()
                || (names.contains(LOCK)
                        && names.stream().allMatch(name -> OURS.matcher(name).matches()));
    }

    private static Project lock(ProjectOptions options) throws IOException {
        Path folder = options.folder();
        Path file = folder.resolve(LOCK);
        String pid = Long.toString(ProcessHandle.current().pid());
        while (true) {
            if (!Files.exists(file)) {
                create(file);
            }
            Object before = identity(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = channel.tryLock();
            if (held == null) {
                channel.close();
                throw new TopologyException(
                        "project '" + options.project() + "' is already up, run by process " + Files.readString(file)
                                + ": see '" + options.command("ps") + "', or choose another --project");
            }
            // Its last owner may have deleted it meanwhile. From here on it must not be opened: when a process
            // closes a file it loses all locks on it (POSIX, fcntl).
            if (before.equals(identity(file))) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
                return new Project(folder, channel);
            }
            channel.close();
        }
    }

    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            // just as well
        }
    }

    private static Object identity(Path file) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException e) {
            return new Object();
        }
    }

    private void empty() throws IOException {
        List<Path> old;
        try (Stream<Path> files = Files.list(folder)) {
            old = files.filter(file ->
                            !List.of(LOCK, OUT, ERR).contains(file.getFileName().toString()))
                    .toList();
        }
        old.forEach(Folders::delete);
    }

    Path folder() {
        return folder;
    }

    /** Releases the folder, and keeps its files. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the folder, then releases it. */
    void delete() {
        Folders.delete(folder);
        close();
    }
}
