package io.socketz.server.nio;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The sockets that the limit on open files leaves room for.
 *
 * @param clients 1 or more; a large number if the platform does not report the limit
 * @param reserve 1 or more beyond these, for connections that are not clients, or not yet known to be
 */
public record FileDescriptors(int clients, int reserve) {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** For what is opened later (classes, the registry's own connections); at most a quarter of the limit. */
    private static final int FOR_OTHERS = 128;

    /** Connections whose PROXY header is on its way, when thousands of clients connect in a second. */
    private static final int MOST_RESERVED = 1024;

    /** What a JVM has open before it does anything, with a margin. */
    private static final int LEAST = 32;

    /** The selector, and the descriptors that wake it. */
    private static final int PER_LOOP = 3;

    /** What the limit leaves now. */
    public static FileDescriptors left() {
        return of(limit(), open());
    }

    static FileDescriptors of(long limit, long open) {
        long sockets = limit - open - Math.min(FOR_OTHERS, limit / 4);
        long reserve = Math.max(1, Math.min(MOST_RESERVED, sockets / 16));
        return new FileDescriptors(
                (int) Math.min(Integer.MAX_VALUE, Math.max(1, sockets - reserve)), Math.toIntExact(reserve));
    }

    static long open() {
        String[] open = DESCRIPTORS.toFile().list();
        if (open != null) {
            return open.length;
        }
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    /**
     * Checks that the limit is high enough to start a server.
     *
     * @throws IOException if it is too low
     */
    public static void check(int loops) throws IOException {
        long limit = limit();
        if (limit < LEAST + (long) loops * PER_LOOP) {
            throw new IOException("the limit of " + limit + " open files is too low for " + loops + " event loops");
        }
    }

    static long limit() {
        if (Files.isReadable(LIMITS)) {
            // Much faster than the management interface, which would delay the start.
            try {
                return parse(Files.readString(LIMITS));
            } catch (IOException | NumberFormatException e) {
                // Ask the other way.
            }
        }
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
    }

    /** The soft limit in a line like {@code Max open files 20000 20000 files}, see proc(5). */
    static long parse(String limits) {
        String line = limits.lines()
                .filter(each -> each.startsWith("Max open files"))
                .findFirst()
                .orElse("");
        String soft = line.substring(Math.min(line.length(), "Max open files".length()))
                .strip()
                .split(" ", 2)[0];
        return soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft);
    }
}
