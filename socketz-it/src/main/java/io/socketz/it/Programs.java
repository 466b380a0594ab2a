package io.socketz.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of this machine, by their names. */
public final class Programs {
    private Programs() {}

    /** Where a program is: on the path, or where Debian keeps HAProxy, which is on the path of root alone. */
    static Optional<String> find(String name) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.concat(Arrays.stream(path.split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .map(Path::toString)
                .findFirst();
    }

    /** What begins the command line of a process with a session of its own, which no Ctrl-C reaches. */
    public static List<String> apart() {
        return find("setsid").map(setsid -> new ArrayList<>(List.of(setsid))).orElseGet(ArrayList::new);
    }

    /**
     * Where a program is.
     *
     * @param names of its packages: {@code Debian: etcd-server}
     * @throws TopologyException if it is not there
     */
    static String require(String name, String names) {
        return find(name)
                .orElseThrow(() -> new TopologyException("cannot run " + name + ": please install it (" + names + ")"));
    }
}
