package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is stopped while its machine runs (SIGSTOP): its connections stay open, and it does not answer. */
class FrozenServerIT {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
    private static final Pattern ID = Pattern.compile("listening on .*, id (\\S+)\n");

    @TempDir
    Path folder;

    @Test
    @Timeout(120)
    void clientsOfAFrozenServerAreServedElsewhereAndRostersAreRightWhenItContinues() throws Exception {
        Checkout.socketz();
        try (Topology topology =
                Topology.in(Checkout.home(), folder).etcd(1).servers(2).build()) {
            topology.start(line -> {});
            int port = topology.clientPorts().get(0);
            String frozen = id(topology, "server01");
            String healthy = id(topology, "server02");
            List<PlainClient> waiting = new ArrayList<>();
            List<PlainClient> clients = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                PlainClient client = PlainClient.greeted(port);
                (client.ask("WHERE").equals(frozen) ? waiting : clients).add(client);
            }
            assertThat(waiting).hasSize(6);

            topology.pause("server01");
            long begin = System.nanoTime();
            // One of these reaches each server: the kernel accepts connections for the stopped one.
            List<PlainClient> late = List.of(PlainClient.connect(port), PlainClient.connect(port));
            for (PlainClient client : late) {
                client.send("QUIT\n");
            }
            for (PlainClient client : waiting) {
                client.send("WHY\n");
            }
            for (PlainClient client : waiting) {
                assertThat(client.rest()).isEmpty();
                clients.add(PlainClient.greeted(port));
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - begin);
            System.out.println("clients of a frozen server were closed after " + waited.toMillis() + " ms");
            assertThat(waited).isLessThan(LONGEST_WAIT);
            assertThat(List.of(late.get(0).rest(), late.get(1).rest()))
                    .containsExactlyInAnyOrder("", PlainClient.GREETING + "\n");
            for (PlainClient client : clients) {
                assertThat(client.ask("WHERE")).isEqualTo(healthy);
            }

            // The hard case is a server that has been off the roster for a while.
            Polling.until(
                    () -> topology.etcdctl("get", "--prefix", "/socketz/v1/members/"),
                    text -> !text.contains(frozen),
                    "its lease lives on");
            topology.resume("server01");
            PlainClient again = Polling.until(
                    () -> PlainClient.greeted(port), client -> isOn(client, frozen), "no client gets to it");
            clients.add(again);
            Set<String> addresses = clients.stream().map(PlainClient::address).collect(Collectors.toSet());
            for (PlainClient client : List.of(again, clients.get(0))) {
                Polling.until(() -> who(client), addresses::equals, "not the clients that there are");
            }
            for (PlainClient client : clients) {
                client.close();
            }
        }
    }

    /** Whether the client is on the server with {@code id}; closes it if not. */
    private static boolean isOn(PlainClient client, String id) {
        try {
            if (client.ask("WHERE").equals(id)) {
                return true;
            }
            client.close();
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The clients in the reply to {@code WHO}. */
    private static Set<String> who(PlainClient client) throws IOException {
        String list = client.ask("WHO");
        String count = client.line();
        Set<String> addresses = Pattern.compile("'([^']*)'")
                .matcher(list)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toSet());
        assertThat(count).isEqualTo("connected clients: " + addresses.size());
        return addresses;
    }

    private static String id(Topology topology, String name) throws IOException {
        Matcher listening = ID.matcher(Files.readString(topology.log(name)));
        assertThat(listening.find()).isTrue();
        return listening.group(1);
    }
}
