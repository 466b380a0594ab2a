package io.socketz.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A real HAProxy with agent checks every second, in front of servers on loopback. It retries no connection, on the same
 * server or another: the client sees what a server refuses.
 */
final class Haproxy implements AutoCloseable {
    private final Child child;
    private final Path socket;
    private final int port;

    private Haproxy(Child child, Path socket, int port) {
        this.child = child;
        this.socket = socket;
        this.port = port;
    }

    /**
     * Starts it, and returns when it has heard that all servers are up and ready.
     *
     * @param folder for its configuration and its socket
     * @param servers port and agent port of each, by name
     */
    static Haproxy start(Path folder, Map<String, ServerPorts> servers) throws Exception {
        int port = FreePorts.take(1).get(0);
        Path socket = folder.resolve("haproxy.sock");
        StringBuilder config = new StringBuilder("""
                global
                    stats socket %s level user
                defaults
                    mode tcp
                    retries 0
                    timeout connect 2s
                    timeout client 1m
                    timeout server 1m
                frontend clients
                    bind 127.0.0.1:%d
                    default_backend socketz
                backend socketz
                    balance roundrobin
                    default-server weight 100 check inter 500ms agent-check agent-inter 1s
                    default-server on-marked-down shutdown-sessions
                """.formatted(socket, port));
        servers.forEach((name, ports) -> config.append(
                "    server %s 127.0.0.1:%d agent-port %d\n".formatted(name, ports.port(), ports.agent())));
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), config);
        Child child = Child.of(List.of(Checkout.tool("haproxy"), "-db", "-f", file.toString()))
                .start();
        Haproxy haproxy = new Haproxy(child, socket, port);
        try {
            for (String name : servers.keySet()) {
                haproxy.awaitReady(name);
            }
            return haproxy;
        } catch (AssertionError | Exception e) {
            haproxy.close();
            throw e;
        }
    }

    /** Where a server listens, and where it answers agent checks. */
    record ServerPorts(int port, int agent) {}

    /** Where clients connect. */
    int port() {
        return port;
    }

    /** Waits until it knows from health check and agent that {@code server} is up and ready. */
    void awaitReady(String server) throws Exception {
        Polling.until(
                () -> statistics(server),
                found -> "UP".equals(found.get("status"))
                        && "L7OK".equals(found.get("agent_status"))
                        && !"0".equals(found.get("weight")),
                server + " is not ready; " + child.printed());
    }

    /** Waits until it sends no more connections to {@code server}. */
    void awaitDrain(String server) throws Exception {
        Polling.until(() -> statistics(server), found -> "0".equals(found.get("weight")), server + " does not drain");
    }

    /** Its statistics of {@code server}, by column; empty while it does not answer. */
    private Map<String, String> statistics(String server) {
        try {
            return HaproxyStatistics.parse(RuntimeSocket.ask(socket, "show stat"))
                    .row("socketz", server);
        } catch (IOException e) {
            return Map.of();
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
