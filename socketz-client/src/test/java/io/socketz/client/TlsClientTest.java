package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.client.tls.Trust;
import io.socketz.server.SocketzServer;
import io.socketz.server.TlsOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client and a server that speak TLS. The certificate is for localhost, 127.0.0.1 and ::1. */
class TlsClientTest {
    /** Made by the file {@code make} there. */
    private static final Path FILES = Path.of("..", "socketz-server", "src", "test", "resources", "tls");

    private SocketzServer server;

    @BeforeEach
    void start() throws Exception {
        server = SocketzServer.builder()
                .host("0.0.0.0")
                .port(0)
                .tls(TlsOptions.of(FILES.resolve("server.pem"), FILES.resolve("server.key")))
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private SocketzClient.Builder builder(String host) throws Exception {
        return SocketzClient.builder()
                .addresses(host + ":" + server.address().getPort())
                .tls(trusting());
    }

    private static SSLContext trusting() throws Exception {
        return Trust.of(FILES.resolve("authority.pem"), null, null);
    }

    @Test
    void requestsAreAnswered() throws Exception {
        try (SocketzClient client = builder("localhost").connect()) {
            assertThat(client.why().get(10, TimeUnit.SECONDS)).isEqualTo(42);
            assertThat(client.who().get(10, TimeUnit.SECONDS).count()).isEqualTo(1);
        }
    }

    @Test
    void manyRequestsAtATimeAreAnswered() throws Exception {
        try (SocketzClient client = builder("127.0.0.1").maxPending(20_000).connect()) {
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                answers.add(client.why());
            }
            for (CompletableFuture<Integer> answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo(42);
            }
        }
    }

    @Test
    void theCertificateHasToBeForTheHostThatWasAskedFor() {
        assertThatThrownBy(() -> builder("127.0.0.2").reconnect(false).connect())
                .isInstanceOf(SocketzException.class)
                .hasMessageContaining("certificate not trusted: ")
                .hasMessageContaining("127.0.0.2");
    }

    @Test
    void theCertificateHasToBeOfAnAuthorityThatTheClientTrusts() {
        assertThatThrownBy(
                        () -> builder("localhost").tls(SSLContext.getDefault()).connect())
                .isInstanceOf(SocketzException.class)
                .hasMessageContaining("certificate not trusted: ");
    }

    @Test
    void aServerWithoutTlsIsNamed() throws Exception {
        try (SocketzServer plain =
                SocketzServer.builder().host("127.0.0.1").port(0).start()) {
            assertThatThrownBy(() -> builder("localhost")
                            .addresses("127.0.0.1:" + plain.address().getPort())
                            .connect())
                    .isInstanceOf(SocketzException.class)
                    .hasMessageContaining("the server does not speak TLS");
        }
    }

    @Test
    void aServerMayAskForACertificate() throws Exception {
        try (SocketzServer strict = SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .tls(TlsOptions.of(FILES.resolve("server.pem"), FILES.resolve("server.key"))
                        .withClientAuthority(FILES.resolve("authority.pem")))
                .start()) {
            SocketzClient.Builder asked = SocketzClient.builder()
                    .addresses("127.0.0.1:" + strict.address().getPort());
            SSLContext known =
                    Trust.of(FILES.resolve("authority.pem"), FILES.resolve("client.pem"), FILES.resolve("client.key"));
            try (SocketzClient client = asked.tls(known).connect()) {
                assertThat(client.why().get(10, TimeUnit.SECONDS)).isEqualTo(42);
            }
            assertThatThrownBy(() -> asked.tls(trusting()).connect())
                    .isInstanceOf(SocketzException.class)
                    .hasMessageContaining("certificate");
        }
    }

    @Test
    void theClientFindsAnotherServer() throws Exception {
        try (SocketzServer other = SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .tls(TlsOptions.of(FILES.resolve("renewed.pem"), FILES.resolve("renewed.key")))
                        .start();
                SocketzClient client = builder("localhost")
                        .addresses("localhost:" + server.address().getPort() + ",localhost:"
                                + other.address().getPort())
                        .shuffle(false)
                        .connect()) {
            assertThat(client.where().get(10, TimeUnit.SECONDS))
                    .isEqualTo(server.member().id());
            server.close();
            assertThat(client.where().get(10, TimeUnit.SECONDS))
                    .isEqualTo(other.member().id());
        }
    }
}
