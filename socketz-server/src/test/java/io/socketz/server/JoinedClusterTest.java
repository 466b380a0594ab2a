package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server that was told to join a cluster. {@code EmbeddedClusterIT} has an etcd for it. */
class JoinedClusterTest {
    /** What jetcd logs of a port where nobody listens; a field, since loggers without an owner are collected. */
    private static final Logger JETCD = Logger.getLogger("io.etcd");

    private final Events events = new Events();

    @BeforeAll
    static void silence() {
        JETCD.setLevel(Level.OFF);
    }

    @AfterAll
    static void restore() {
        JETCD.setLevel(null);
    }

    @Test
    void itServesWithoutEtcdAndSaysThatItIsAway() throws Exception {
        try (SocketzServer server = SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .listener(events)
                        .cluster(EtcdOptions.of(List.of(URI.create("http://127.0.0.1:1"))))
                        .start();
                LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("WHY")).isEqualTo("42");
            assertThat(events.next("warning"))
                    .startsWith("warning etcd does not answer as it should: ")
                    .endsWith("; serving from memory until it does");
            assertThat(server.freshRoster().get().fresh()).isFalse();
        }
    }

    @Test
    void aRegistryThatIsSetLaterReplacesIt() throws Exception {
        try (SocketzServer server = SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .cluster(EtcdOptions.of(List.of(URI.create("http://127.0.0.1:1"))))
                        .registry(ForwardingRegistry::new)
                        .start();
                LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("WHY")).isEqualTo("42");
            assertThat(server.freshRoster().get().fresh()).isTrue();
        }
    }

    @Test
    void eachWarningIsOneLineAndTheReturnIsToldOnce() {
        EtcdWarnings warnings = new EtcdWarnings(events);
        EtcdFailure failure = new EtcdFailure(EtcdFailure.Kind.UNAVAILABLE, "no\nleader");
        warnings.onConnected(1, 0, 1);
        warnings.onDisconnected(failure);
        warnings.onConnected(1, 0, 7);
        warnings.onConnected(1, 0, 8);
        warnings.onWritesRefused(failure);
        warnings.onLapsed(Duration.ofSeconds(9));
        warnings.onDataLost(3, 8);
        warnings.onSkipped("/socketz/x\r", "no key of this service");
        assertThat(events.warnings())
                .containsExactly(
                        "etcd does not answer as it should: UNAVAILABLE no?leader; serving from memory until it does",
                        "etcd is back, at revision 7",
                        "etcd refuses writes: no?leader; until this server can write, other servers do not see who joins"
                                + " or leaves here",
                        "etcd had dropped this server's lease, which was last renewed 9000 ms before: it was off the"
                                + " roster for a while",
                        "etcd has lost its data, or another etcd answers: revision 3 after 8; this server writes its"
                                + " clients again",
                        "etcd has a key that is skipped: /socketz/x?: no key of this service");
    }
}
