package io.socketz.it;

import io.socketz.client.console.EtcdAbsence;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A server of the topology, on 127.0.0.1, started by {@code socketz serve} and so with its flags for the JVM. */
final class ServerMember extends Daemon {
    /** Asks as a proxy does, without joining the roster; every connection from 127.0.0.1 counts as a proxy's. */
    private static final String AS_PROXY = "PROXY UNKNOWN\r\n";

    private static final String QUIT = "QUIT\r\n";

    /** In the first line of the answer to {@code WHO LONG FRESH}. */
    private static final Pattern STALE = Pattern.compile(" at revision \\d+ stale by (\\d{1,9})\\.(\\d) s\n");

    /** Shorter than in production: a developer waits for it. */
    private static final int DRAIN_SECONDS = 5;

    /** A server that has just started does not know the cluster yet; after this time, it is one without etcd. */
    private static final Duration LONGEST_START = Duration.ofSeconds(30);

    /** The age of what a server knows grows until etcd confirms it: if it is so much less than before, etcd has. */
    private static final Duration CONFIRMED_BY = Duration.ofMillis(500);

    private final Path home;
    private final int agentPort;
    private final int adminPort;
    private final List<URI> etcd;
    private final List<String> options;

    /** The process that has been known to know the cluster; the last one. Guarded by the lock of {@link #serving}. */
    private long joinedPid = -1;

    /** The process that has answered last. Guarded as that. */
    private long answeredPid = -1;

    /** How old what it knew was then. Guarded as that. */
    private Duration answeredAge = Duration.ZERO;

    /**
     * A server that does not run yet.
     *
     * @param home as {@link Home} says
     * @param options more of them, for {@code serve}
     */
    ServerMember(
            String name,
            int port,
            int agentPort,
            int adminPort,
            Path folder,
            Path home,
            List<URI> etcd,
            List<String> options) {
        super(name, port, folder.resolve(name + ".log"));
        this.agentPort = agentPort;
        this.adminPort = adminPort;
        this.home = home;
        this.etcd = List.copyOf(etcd);
        this.options = List.copyOf(options);
    }

    int agentPort() {
        return agentPort;
    }

    int adminPort() {
        return adminPort;
    }

    @Override
    String kind() {
        return "server";
    }

    @Override
    ProcessBuilder command() {
        List<String> command = new ArrayList<>(List.of(
                Home.launcher(home),
                "serve",
                "--name=" + name(),
                "--host=127.0.0.1",
                "--port=" + port(),
                "--agent-port=" + agentPort,
                "--admin-host=127.0.0.1",
                "--admin-port=" + adminPort,
                "--proxy-from=127.0.0.1,::1",
                "--log-format=text",
                "--drain-timeout=" + DRAIN_SECONDS + "s",
                "--state=etcd",
                "--etcd=" + etcd.stream().map(URI::toString).collect(Collectors.joining(","))));
        command.addAll(options);
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
        return ask(port(), AS_PROXY + "WHY\r\n" + QUIT).contains("\n42\n");
    }

    /** Whether it knows the cluster, or has given up to wait for etcd. */
    @Override
    boolean isReady() {
        Health health = report().health();
        return health == Health.HEALTHY || health == Health.DEGRADED;
    }

    /** The agent port says whether it takes clients, and its answer to a client how long it has been without etcd. */
    @Override
    Condition report() {
        String agent = ask(agentPort, QUIT);
        if (agent.contains("#starting")) {
            return Condition.of(Health.STARTING);
        }
        if (agent.contains("#draining")) {
            return Condition.of(Health.DRAINING);
        }
        long asked = pid();
        String answer = agent.isEmpty() ? "" : ask(port(), AS_PROXY + "WHY\r\nWHO LONG FRESH LIMIT 1\r\n" + QUIT);
        return answer.contains("\n42\n") ? serving(asked, staleBy(answer)) : Condition.of(Health.UNHEALTHY);
    }

    /** @param asked the process that has answered */
    private synchronized Condition serving(long asked, Optional<Duration> staleBy) {
        Duration age = staleBy.orElse(Duration.ZERO);
        // An etcd that is slow confirms what the server knows, though later than the question waits.
        boolean confirmed = asked == answeredPid && age.plus(CONFIRMED_BY).compareTo(answeredAge) < 0;
        answeredPid = asked;
        answeredAge = age;
        if (staleBy.isEmpty() || confirmed) {
            joinedPid = asked;
        } else if (joinedPid != asked && age.compareTo(LONGEST_START) < 0) {
            return Condition.of(Health.STARTING);
        }
        return Condition.serving(staleBy.flatMap(EtcdAbsence::of));
    }

    /** As the answer to {@code WHO LONG FRESH} tells it; empty if it is fresh. */
    static Optional<Duration> staleBy(String answer) {
        Matcher stale = STALE.matcher(answer);
        return stale.find()
                ? Optional.of(Duration.ofSeconds(Long.parseLong(stale.group(1)))
                        .plusMillis(100 * Long.parseLong(stale.group(2))))
                : Optional.empty();
    }

    /** Whether it knows the roster of the whole cluster. */
    boolean hasJoined() {
        return ask(port(), AS_PROXY + "WHO FRESH\r\n" + QUIT).contains("\nfresh at ");
    }
}
