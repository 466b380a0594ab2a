package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Full servers behind HAProxy: connected clients stay, and surplus ones are told so. */
class FullServerIT {
    private static final int PLACES = 5;

    private final List<PlainClient> clients = new ArrayList<>();

    @AfterEach
    void leave() throws Exception {
        for (PlainClient client : clients) {
            client.close();
        }
    }

    /**
     * This happened: the health check was one connection too many, HAProxy cut all clients, and they all reconnected.
     */
    @Test
    void fullServersKeepTheirClients() throws Exception {
        try (ServerProcess first = server("--max-connections", "" + PLACES);
                ServerProcess second = server("--max-connections", "" + PLACES);
                HaproxyProcess haproxy = haproxy(first, second)) {
            while (clients.size() < 2 * PLACES) {
                PlainClient client = PlainClient.connect(haproxy.port());
                if (client.line().equals(PlainClient.GREETING)) {
                    clients.add(client);
                }
            }
            for (int round = 0; round < 2; round++) {
                // HAProxy asks each agent about once a second; only a full server answers weight 1.
                haproxy.await("server01", "weight", "1");
                haproxy.await("server02", "weight", "1");
                try (PlainClient surplus = PlainClient.connect(haproxy.port())) {
                    assertThat(surplus.rest()).isEqualTo("error TOO_MANY_CONNECTIONS max " + PLACES + "\n");
                }
                PlainClient leaves = clients.remove(0);
                String id = leaves.ask("WHERE");
                leaves.close();
                haproxy.await(id.equals(first.id()) ? "server01" : "server02", "weight", "20");
                PlainClient comes = PlainClient.connect(haproxy.port());
                while (!comes.line().equals(PlainClient.GREETING)) {
                    comes.close();
                    comes = PlainClient.connect(haproxy.port());
                }
                clients.add(comes);
            }
            for (PlainClient client : clients) {
                assertThat(client.ask("WHY")).isEqualTo("42");
            }
            for (String server : List.of("server01", "server02")) {
                assertThat(haproxy.statistics(server)).containsEntry("chkfail", "0");
            }
        }
    }

    /** The kernel counts ports in use by source and destination: see decision 0013. */
    @Test
    void serversAreCheckedOnAnotherPortThanClientsUse() throws Exception {
        try (ServerProcess server = server();
                HaproxyProcess haproxy = haproxy(server)) {
            String state = haproxy.ask("show servers state servers");
            assertThat(state.lines().filter(line -> line.contains(" server01 ")))
                    .singleElement()
                    .asString()
                    .contains(" " + server.port() + " ")
                    .containsPattern(" " + server.agentPort() + " .*" + server.agentPort());
        }
    }

    /** This happened: each line of the agent said {@code ready}, which undid the setting within a second. */
    @Test
    void aServerStaysInTheStateThatAnOperatorSet() throws Exception {
        Map<String, String> undo = new HashMap<>();
        undo.put("set server servers/server01 state maint", "set server servers/server01 state ready");
        undo.put("set server servers/server01 state drain", "set server servers/server01 state ready");
        undo.put("disable server servers/server01", "enable server servers/server01");
        try (ServerProcess server = server("--max-connections", "10");
                HaproxyProcess haproxy = haproxy(server)) {
            haproxy.await("server01", "agent_status", "L7OK");
            for (Map.Entry<String, String> each : undo.entrySet()) {
                haproxy.ask(each.getKey());
                String status = haproxy.await("server01", "status", "MAINT.*|DRAIN.*");
                awaitAgent(haproxy, server);
                assertThat(haproxy.statistics("server01")).as(each.getKey()).containsEntry("status", status);
                haproxy.ask(each.getValue());
                haproxy.await("server01", "status", "UP");
            }
        }
    }

    /** Waits until HAProxy has heard two more lines of the agent: each has another load. */
    private static void awaitAgent(HaproxyProcess haproxy, ServerProcess server) throws Exception {
        try (PlainClient client = PlainClient.connect(server.port())) {
            client.send("PROXY TCP4 203.0.113.7 203.0.113.1 50814 5151\r\n");
            assertThat(client.line()).isEqualTo(PlainClient.GREETING);
            haproxy.await("server01", "uweight", "90");
        }
        haproxy.await("server01", "uweight", "100");
    }

    private static ServerProcess server(String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("--proxy-from", "127.0.0.1", "--agent-port", "0"));
        all.addAll(List.of(options));
        return ServerProcess.start(all.toArray(String[]::new));
    }

    private static HaproxyProcess haproxy(ServerProcess... servers) throws Exception {
        HaproxyProcess haproxy = HaproxyProcess.start(HaproxyProcess.variables(servers));
        try {
            for (int i = 1; i <= servers.length; i++) {
                haproxy.await("server0" + i, "check_status", "L7OK");
            }
            return haproxy;
        } catch (AssertionError | Exception e) {
            haproxy.close();
            throw e;
        }
    }
}
