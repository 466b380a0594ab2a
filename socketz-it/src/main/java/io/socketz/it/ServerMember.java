package io.socketz.it;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A server of the topology, on 127.0.0.1, started by {@code ./socketz serve} and so with its flags for the JVM. */
final class ServerMember extends Daemon {
    /** Asks as a proxy does, without joining the roster; every connection from 127.0.0.1 counts as a proxy's. */
    private static final String AS_PROXY = "PROXY UNKNOWN\r\n";

    /** Shorter than in production: a developer waits for it. */
    private static final int DRAIN_SECONDS = 5;

    private final Path home;
    private final int agentPort;
    private final List<URI> etcd;

    /**
     * A server that does not run yet.
     *
     * @param home the checkout
     */
    ServerMember(String name, int port, int agentPort, Path folder, Path home, List<URI> etcd) {
        super(name, port, folder.resolve(name + ".log"));
        this.agentPort = agentPort;
        this.home = home;
        this.etcd = List.copyOf(etcd);
    }

    int agentPort() {
        return agentPort;
    }

    @Override
    ProcessBuilder command() {
        List<String> command = new ArrayList<>(List.of(
                home.resolve("socketz").toString(),
                "serve",
                "--name=" + name(),
                "--host=127.0.0.1",
                "--port=" + port(),
                "--agent-port=" + agentPort,
                "--proxy-from=127.0.0.1,::1",
                "--drain-timeout=" + DRAIN_SECONDS + "s",
                "--state=etcd",
                "--etcd=" + etcd.stream().map(URI::toString).collect(Collectors.joining(","))));
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        // The user's own settings are not meant for these servers, except flags for the JVM.
        environment
                .keySet()
                .removeIf(variable -> variable.startsWith("SOCKETZ_") && !variable.equals("SOCKETZ_JAVA_OPTS"));
        environment.put("SOCKETZ_NO_BUILD", "1"); // all servers run the same build
        return builder;
    }

    @Override
    boolean isHealthy() {
        return ask(port(), AS_PROXY + "WHY\r\nQUIT\r\n").contains("\n42\n");
    }

    /** Whether it knows the roster of the whole cluster. */
    boolean hasJoined() {
        return ask(port(), AS_PROXY + "WHO FRESH\r\nQUIT\r\n").contains("\nfresh at ");
    }
}
