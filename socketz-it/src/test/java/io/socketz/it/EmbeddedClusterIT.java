package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.PresenceListener;
import io.socketz.server.SocketzServer;
import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import io.socketz.state.etcd.transport.EtcdOptions;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Two servers in one program, in a cluster, as the program sees them. */
final class EmbeddedClusterIT {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private String next() throws InterruptedException {
        String text = told.poll(20, TimeUnit.SECONDS);
        if (text == null) {
            throw new AssertionError("nothing was told");
        }
        return text;
    }

    private final class Teller implements PresenceListener {
        @Override
        public void onState(Roster roster) {
            told.add("state " + roster.size() + " of " + roster.members().size());
        }

        @Override
        public void onJoined(long revision, Client client) {
            told.add("joined " + client.address());
        }

        @Override
        public void onLeft(long revision, Client client, String reason) {
            told.add("left " + client.address() + " " + reason);
        }

        @Override
        public void onServerUp(long revision, Member server) {
            told.add("up " + server.name());
        }

        @Override
        public void onServerDown(long revision, Member server, boolean lost) {
            told.add("down " + server.name() + (lost ? " lost" : ""));
        }
    }

    private static SocketzServer start(String name, EtcdCluster etcd) throws IOException {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .name(name)
                .cluster(EtcdOptions.of(etcd.endpoints()))
                .start();
    }

    @Test
    void aProgramHearsOfTheClientsAndServersOfTheWholeCluster() throws Exception {
        try (EtcdCluster etcd = EtcdCluster.start(1);
                SocketzServer first = start("server01", etcd)) {
            first.watch(new Teller());
            String known = next();
            while (!known.equals("state 0 of 1") && !known.equals("up server01")) { // the first may be too early
                known = next();
            }
            SocketzServer second = start("server02", etcd);
            assertThat(next()).isEqualTo("up server02");
            try (PlainClient client = PlainClient.connect(second.address().getPort())) {
                String address = client.address();
                assertThat(next()).isEqualTo("joined " + address);
                assertThat(first.freshRoster().get().roster().clients())
                        .extracting(Client::address)
                        .containsExactly(address);
                assertThat(first.members().get()).extracting(Member::name).containsExactly("server01", "server02");
                client.send("QUIT\n");
                assertThat(next()).isEqualTo("left " + address + " CLIENT_QUIT");
            }
            second.close();
            assertThat(next()).isEqualTo("down server02");
        }
    }
}
