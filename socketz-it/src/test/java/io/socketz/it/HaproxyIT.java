package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Servers behind a real HAProxy with the project's own configuration. */
class HaproxyIT {
    @Test
    void spreadsClientsAndPassesOnTheirAddresses() throws Exception {
        try (ServerProcess first = server();
                ServerProcess second = server();
                HaproxyProcess haproxy = haproxy(first, second);
                PlainClient one = PlainClient.greeted(haproxy.port());
                PlainClient other = PlainClient.greeted(haproxy.port())) {
            assertThat(List.of(one.ask("WHERE"), other.ask("WHERE")))
                    .containsExactlyInAnyOrder(first.id(), second.id());
            assertThat(one.ask("WHO")).isEqualTo("client list: {'" + one.address() + "'}");
            assertThat(one.line()).isEqualTo("connected clients: 1");
        }
    }

    /** Checks then use the port for clients, and a full server's clients are not cut. */
    @Test
    void checksServersWithoutAnAgentPortOnThePortForClients() throws Exception {
        String[] options = {"--proxy-from", "127.0.0.1", "--max-connections", "1", "-v"};
        try (ServerProcess first = ServerProcess.start(options);
                ServerProcess second = ServerProcess.start(options);
                HaproxyProcess haproxy = awaitUp(HaproxyProcess.start(Map.of(
                        "SOCKETZ_NO_AGENT",
                        "1",
                        "SOCKETZ_SERVER01",
                        "127.0.0.1:" + first.port(),
                        "SOCKETZ_SERVER02",
                        "127.0.0.1:" + second.port())));
                PlainClient one = PlainClient.greeted(haproxy.port());
                PlainClient other = PlainClient.greeted(haproxy.port());
                PlainClient surplus = PlainClient.connect(haproxy.port())) {
            assertThat(surplus.rest()).isEqualTo("error TOO_MANY_CONNECTIONS max 1\n");
            awaitChecks(first);
            awaitChecks(second);
            assertThat(List.of(one.ask("WHERE"), other.ask("WHERE")))
                    .containsExactlyInAnyOrder(first.id(), second.id());
        }
    }

    @Test
    void closesTheClientsOfADeadServerAndServesNewOnesElsewhere() throws Exception {
        try (ServerProcess first = server();
                ServerProcess second = server();
                HaproxyProcess haproxy = haproxy(first, second);
                PlainClient one = PlainClient.greeted(haproxy.port());
                PlainClient other = PlainClient.greeted(haproxy.port())) {
            boolean oneIsGone = one.ask("WHERE").equals(first.id());
            first.process().signal("KILL");
            first.process().await();
            assertThat((oneIsGone ? one : other).rest()).isEmpty();
            assertThat((oneIsGone ? other : one).ask("WHERE")).isEqualTo(second.id());
            for (int i = 0; i < 4; i++) {
                try (PlainClient client = PlainClient.greeted(haproxy.port())) {
                    assertThat(client.ask("WHERE")).isEqualTo(second.id());
                }
            }
        }
    }

    @Test
    void showsStatisticsToThoseWhoKnowThePassword() throws Exception {
        try (ServerProcess server = server();
                HaproxyProcess haproxy = haproxy(server, server)) {
            assertThat(haproxy.get("/stats", Optional.empty()).orElseThrow().statusCode())
                    .isEqualTo(401);
            assertThat(haproxy.get("/stats", Optional.of("admin:admin"))
                            .orElseThrow()
                            .statusCode())
                    .isEqualTo(401);
            assertThat(haproxy.get("/stats", Optional.of("admin:hodl"))
                            .orElseThrow()
                            .body())
                    .contains("server02");
            assertThat(haproxy.get("/metrics", Optional.empty()).orElseThrow().body())
                    .contains("haproxy_server_status{proxy=\"servers\",server=\"server01\"");
        }
    }

    /** Waits for as many checks as would take the server down if they failed, and one more. */
    private static void awaitChecks(ServerProcess server) throws Exception {
        long before = checks(server);
        Polling.until(() -> checks(server), now -> now >= before + 3, "no checks");
    }

    private static long checks(ServerProcess server) {
        return server.process().out().lines().stream()
                .filter(line -> line.matches("connection closed: .* (CLIENT_.*|CONNECTION_RESET.*)"))
                .count();
    }

    private static ServerProcess server() throws Exception {
        return ServerProcess.start("--proxy-from", "127.0.0.1", "--agent-port", "0");
    }

    /** Returns once both are up. */
    private static HaproxyProcess haproxy(ServerProcess first, ServerProcess second) throws Exception {
        return awaitUp(HaproxyProcess.start(HaproxyProcess.variables(first, second)));
    }

    private static HaproxyProcess awaitUp(HaproxyProcess haproxy) throws Exception {
        try {
            // The status is UP from the start, so wait for a check that has passed.
            for (String server : List.of("server01", "server02")) {
                haproxy.await(server, "check_status", "L7OK");
                haproxy.await(server, "status", "UP.*");
            }
            return haproxy;
        } catch (AssertionError | Exception e) {
            haproxy.close();
            throw e;
        }
    }
}
