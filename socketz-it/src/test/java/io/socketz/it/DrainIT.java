package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.it.Haproxy.ServerPorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is stopped behind a real HAProxy, and started again. */
class DrainIT {
    private static final int ENOUGH = 20;

    private static final String[] OPTIONS = {"-H", "127.0.0.1", "--agent-port", "0", "--drain-timeout", "8s"};

    @TempDir
    Path directory;

    @Test
    void aServerThatIsStoppedUnderLoadLosesNoConnectAndNoRequestAndComesBack() throws Exception {
        try (ServerProcess stopped = ServerProcess.start(OPTIONS);
                ServerProcess stays = ServerProcess.start(OPTIONS)) {
            ServerPorts ports = new ServerPorts(stopped.port(), stopped.agentPort());
            Map<String, ServerPorts> servers =
                    Map.of("server01", ports, "server02", new ServerPorts(stays.port(), stays.agentPort()));
            try (Haproxy haproxy = Haproxy.start(directory, servers);
                    BusyClients sessions = BusyClients.start(haproxy.port())) {
                awaitSessions(sessions, stopped.id());
                awaitSessions(sessions, stays.id());
                Polling.until(() -> sessions.begun(stopped.id()), begun -> begun > 0, "no long session to move");

                stopped.process().signal("TERM");
                haproxy.awaitDrain("server01");
                sessions.exclude(stopped.id());
                Child.Result result = stopped.process().await();
                assertThat(result.status()).isZero();
                assertThat(result.err()).isEmpty();
                awaitSessions(sessions, stays.id());
                int begun = sessions.begun(stopped.id());
                Polling.until(() -> sessions.moved(stopped.id()), moved -> moved == begun, "not all have moved");
                assertThat(sessions.moved(stays.id())).isZero();

                try (ServerProcess again = ServerProcess.start(restart(ports))) {
                    haproxy.awaitReady("server01");
                    awaitSessions(sessions, again.id());
                    assertThat(sessions.stop()).isEmpty();
                }
            }
        }
    }

    /** With the project's own configuration, which cuts the sessions of a server whose health checks fail. */
    @Test
    void aDrainingServerIsHealthyUntilItHasClosedTheLastOfItsClients() throws Exception {
        String[] options = {"--proxy-from", "127.0.0.1", "--agent-port", "0", "--drain-timeout", "6s", "-v"};
        try (ServerProcess stopped = ServerProcess.start(options);
                ServerProcess stays = ServerProcess.start(options);
                HaproxyProcess haproxy = HaproxyProcess.start(HaproxyProcess.variables(stopped, stays))) {
            for (String server : List.of("server01", "server02")) {
                haproxy.await(server, "check_status", "L7OK");
                haproxy.await(server, "agent_status", "L7OK");
            }
            List<PlainClient> leaving = new ArrayList<>();
            List<PlainClient> staying = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                PlainClient client = PlainClient.greeted(haproxy.port());
                (client.ask("WHERE").equals(stopped.id()) ? leaving : staying).add(client);
            }
            assertThat(leaving).hasSize(6);
            stopped.process().signal("TERM");
            List<Map<String, String>> withClients = new ArrayList<>();
            Polling.until(
                    () -> {
                        Map<String, String> seen = haproxy.statistics("server01");
                        if (drained(stopped) < leaving.size()) {
                            withClients.add(seen);
                        }
                        return stopped.process().isAlive();
                    },
                    alive -> !alive,
                    "has not ended");
            assertThat(withClients)
                    .allMatch(seen -> "UP".equals(seen.get("status")))
                    .extracting(seen -> seen.get("weight"))
                    .contains("0");
            // A session that HAProxy cut would end on the server for another reason.
            String log = stopped.process().await().out();
            for (PlainClient client : leaving) {
                assertThat(client.rest()).isEmpty();
                assertThat(log).contains("connection closed: " + client.address() + " SERVER_DRAINING");
            }
            haproxy.await("server01", "status", "DOWN.*");
            for (PlainClient client : staying) {
                assertThat(client.ask("WHY")).isEqualTo("42");
                client.close();
            }
        }
    }

    @Test
    void aDrainedServerRemovesItsKeysAndTheirLeases() throws Exception {
        try (EtcdCluster etcd = EtcdCluster.start(1);
                ServerProcess server = ServerProcess.start(
                        "--agent-port",
                        "0",
                        "--drain-timeout",
                        "8s",
                        "--drain-notice",
                        "0",
                        "--state",
                        "etcd",
                        "--etcd",
                        etcd.endpoint(0).toString());
                PlainClient client = PlainClient.greeted(server.port())) {
            Operator operator = new Operator(etcd);
            // The client, and the server itself.
            Polling.until(() -> operator.keys("/socketz/"), keys -> keys.size() == 2, "not in etcd");
            List<String> leases = leases(etcd);
            assertThat(leases).hasSize(2);
            server.process().signal("TERM");
            assertThat(client.rest()).isEmpty();
            assertThat(server.process().await().status()).isZero();
            assertThat(operator.keys("/socketz/")).isEmpty();
            // A lease whose grant took longer than 2 s, on a busy machine, has no keys, and ends by itself.
            assertThat(etcd.etcdctl("lease", "list").lines()).doesNotContainAnyElementsOf(leases);
        }
    }

    /** The leases of all keys, as {@code etcdctl lease list} prints them. */
    private static List<String> leases(EtcdCluster etcd) {
        return Pattern.compile("\"lease\":(\\d+)")
                .matcher(etcd.etcdctl("get", "--prefix", "/socketz/", "--write-out=json"))
                .results()
                .map(lease -> "%016x".formatted(Long.parseLong(lease.group(1))))
                .toList();
    }

    private static long drained(ServerProcess server) {
        return server.process().out().lines().stream()
                .filter(line -> line.contains(" SERVER_DRAINING"))
                .count();
    }

    private static Child.Builder restart(ServerPorts ports) throws Exception {
        return Child.of(Checkout.socketz("serve", "-H", "127.0.0.1", "-p", Integer.toString(ports.port())))
                .environment("SOCKETZ_AGENT_PORT", Integer.toString(ports.agent()));
    }

    /** Waits until {@code id} has had some more. */
    private static void awaitSessions(BusyClients sessions, String id) throws Exception {
        int before = sessions.shortSessions(id);
        Polling.until(() -> sessions.shortSessions(id), now -> now >= before + ENOUGH, "no sessions at " + id);
    }
}
