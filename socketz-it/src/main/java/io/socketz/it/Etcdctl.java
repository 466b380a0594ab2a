package io.socketz.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Runs etcdctl. */
final class Etcdctl {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Etcdctl() {}

    /**
     * Runs etcdctl against some members.
     *
     * @param folder for its output
     * @return what it printed to standard output
     * @throws TopologyException if it fails, with what it said
     */
    static String run(Path folder, List<URI> endpoints, List<String> flags, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Programs.require("etcdctl", "Debian: etcd-client")));
        command.add("--endpoints=" + endpoints.stream().map(URI::toString).collect(Collectors.joining(",")));
        command.addAll(flags);
        command.addAll(List.of(arguments));
        try {
            Path out = Files.createTempFile(folder, "etcdctl", ".out");
            Path err = Files.createTempFile(folder, "etcdctl", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("ETCDCTL_"));
            builder.environment().put("ETCDCTL_API", "3");
            try {
                Process process = builder.start();
                boolean ended = Wait.forEnd(process, LIMIT);
                process.destroyForcibly();
                if (!ended || process.exitValue() != 0) {
                    throw new TopologyException("failed: " + String.join(" ", command) + "\n" + Files.readString(err));
                }
                return Files.readString(out);
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
