package io.socketz.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sockets of a process, according to Linux (proc(5)): for servers that cannot say where they listen. */
final class ProcessSockets {
    private static final String LISTEN = "0A";

    private ProcessSockets() {}

    /** Waits until process {@code pid} listens on a TCP port. */
    static int listeningPort(long pid) throws Exception {
        Path process = Path.of("/proc", Long.toString(pid));
        return Polling.until(() -> find(process), ports -> !ports.isEmpty(), "process " + pid + " does not listen")
                .get(0);
    }

    private static List<Integer> find(Path process) throws IOException {
        Set<String> inodes = inodes(process);
        List<Integer> ports = new ArrayList<>();
        for (String family : List.of("tcp", "tcp6")) {
            for (String line : Files.readAllLines(process.resolve("net").resolve(family))) {
                // sl local_address rem_address st tx:rx tr:tm->when retrnsmt uid timeout inode ...
                String[] fields = line.strip().split("\\s+", 11);
                if (fields[3].equals(LISTEN) && inodes.contains(fields[9])) {
                    ports.add(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }

    /** The sockets of a process, as the tables of its network name them. */
    static Set<String> inodes(Path process) throws IOException {
        try (Stream<Path> descriptors = Files.list(process.resolve("fd"))) {
            return descriptors.map(ProcessSockets::inode).collect(Collectors.toSet());
        }
    }

    /** {@code 4711} of {@code socket:[4711]}; empty for other files, and for one that is closed by now. */
    private static String inode(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:[") ? target.substring("socket:[".length(), target.length() - 1) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
