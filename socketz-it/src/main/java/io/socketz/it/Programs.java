package io.socketz.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the programs of this machine. */
public final class Programs {
    private Programs() {}

    /** Where a program is: on the path, or where Debian keeps HAProxy, which only root has on the path. */
    static Optional<String> find(String name) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.concat(Arrays.stream(path.split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .map(Path::toString)
                .findFirst();
    }

    /** The beginning of a command line that starts a process in a session of its own, which Ctrl-C does not reach. */
    public static List<String> inOwnSession() {
        return find("setsid").map(setsid -> new ArrayList<>(List.of(setsid))).orElseGet(ArrayList::new);
    }

    /**
     * Where a program is.
     *
     * @param names of its packages: {@code Debian: etcd-server}
     * @throws TopologyException if it is not installed
     */
    static String require(String name, String names) {
        return find(name)
                .orElseThrow(() -> new TopologyException("cannot run " + name + ": please install it (" + names + ")"));
    }
}
