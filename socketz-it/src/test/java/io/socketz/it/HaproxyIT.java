package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Servers behind a real HAProxy with the file that all use. */
class HaproxyIT {
    @Test
    void spreadsClientsAndTellsTheirAddresses() throws Exception {
        try (ServerProcess first = server();
                ServerProcess second = server();
                HaproxyProcess haproxy = haproxy(first, second);
                Client one = Client.greeted(haproxy.port());
                Client other = Client.greeted(haproxy.port())) {
            assertThat(List.of(one.ask("WHERE"), other.ask("WHERE")))
                    .containsExactlyInAnyOrder(first.id(), second.id());
            assertThat(one.ask("WHO")).isEqualTo("client list: {'" + one.address() + "'}");
            assertThat(one.line()).isEqualTo("connected clients: 1");
        }
    }

    @Test
    void letsNoAgentThatDoesNotAnswerTakeAServerDown() throws Exception {
        try (ServerProcess first = server();
                ServerProcess second = server();
                HaproxyProcess haproxy = haproxy(first, second)) {
            // One has no agent port, and for the other it is a port that answers something else.
            haproxy.await("server01", "agent_status", "L4CON");
            haproxy.await("server02", "agent_status", "L7.*");
            haproxy.await("server01", "status", "UP.*");
            haproxy.await("server02", "status", "UP.*");
            Set<String> places = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                try (Client client = Client.greeted(haproxy.port())) {
                    places.add(client.ask("WHERE"));
                }
            }
            assertThat(places).containsExactlyInAnyOrder(first.id(), second.id());
        }
    }

    @Test
    void closesTheClientsOfAServerThatDiesAndServesEachNewOneElsewhere() throws Exception {
        try (ServerProcess first = server();
                ServerProcess second = server();
                HaproxyProcess haproxy = haproxy(first, second);
                Client one = Client.greeted(haproxy.port());
                Client other = Client.greeted(haproxy.port())) {
            boolean oneIsGone = one.ask("WHERE").equals(first.id());
            first.process().signal("KILL");
            first.process().await();
            assertThat((oneIsGone ? one : other).rest()).isEmpty();
            assertThat((oneIsGone ? other : one).ask("WHERE")).isEqualTo(second.id());
            for (int i = 0; i < 4; i++) {
                try (Client client = Client.greeted(haproxy.port())) {
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

    private static ServerProcess server() throws Exception {
        return ServerProcess.start("--proxy-from", "127.0.0.1");
    }

    /** Returns once both are up. */
    private static HaproxyProcess haproxy(ServerProcess first, ServerProcess second) throws Exception {
        HaproxyProcess haproxy = HaproxyProcess.start(Map.of(
                "SOCKETZ_SERVER01",
                "127.0.0.1:" + first.port(),
                "SOCKETZ_AGENT01",
                "1",
                "SOCKETZ_SERVER02",
                "127.0.0.1:" + second.port(),
                "SOCKETZ_AGENT02",
                Integer.toString(second.port())));
        try {
            // UP stands there from the start; a check that has passed is what counts.
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
