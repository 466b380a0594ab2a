package io.socketz.server;

import static io.socketz.server.LineClient.GREETING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.address.CidrSet;
import io.socketz.server.event.CloseReason;
import io.socketz.state.file.PemFiles;
import io.socketz.state.file.TlsContexts;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with Java's own client. A PROXY header is required from 127.0.0.2. */
class TlsTest {
    private static final String PROXY = "127.0.0.2";
    private static final String HEADER = "PROXY TCP4 203.0.113.7 10.0.0.1 50814 5151\r\n";
    private static final String HEALTH_CHECK = "PROXY UNKNOWN\r\n";

    @TempDir
    private Path folder;

    private final Events events = new Events();
    private SocketzServer server;

    @BeforeEach
    void start() throws Exception {
        copy("server", "certificate");
        server = builder().start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private SocketzServer.Builder builder() {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .loops(1)
                .proxies(CidrSet.parse(PROXY + "/32"))
                .tls(files())
                .tlsTimeout(Duration.ofSeconds(60))
                .listener(events);
    }

    private TlsOptions files() {
        return TlsOptions.of(folder.resolve("certificate.pem"), folder.resolve("certificate.key"));
    }

    /** Puts a certificate and its key where the server reads them. */
    private void copy(String from, String to) throws Exception {
        for (String suffix : List.of(".key", ".pem")) {
            Files.copy(resource(from + suffix), folder.resolve(to + suffix), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(TlsTest.class.getResource("/tls/" + name))
                .toURI());
    }

    /** Of a client that trusts the authority, and has no certificate. */
    private static SSLContext context() throws Exception {
        return TlsContexts.of(PemFiles.certificates(resource("authority.pem")), null, null);
    }

    private LineClient secured(String... protocols) throws Exception {
        return LineClient.connect(server).secure(context(), protocols);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void aClientIsServed(String protocol) throws Exception {
        try (LineClient client = secured(protocol)) {
            client.expect(GREETING);
            assertThat(client.ask("WHO")).isEqualTo("client list: {'" + client.address() + "'}");
            client.expect("connected clients: 1");
            client.send("WHY\nQUIT\n");
            assertThat(client.rest()).isEqualTo("42\n");
            assertThat(((SSLSocket) client.socket).getSession().getCipherSuite())
                    .contains("_GCM_");
        }
        assertThat(events.next("closed")).endsWith("CLIENT_QUIT");
    }

    /** More than fits into records, buffers and the kernel, to a client that reads late. */
    @Test
    void aClientThatReadsLateGetsEveryByteInOrder() throws Exception {
        int requests = 100_000;
        try (LineClient client = secured()) {
            Thread sender = new Thread(() -> {
                try {
                    client.send("WHY\nPING a longer line, for more bytes in each of the records\n".repeat(requests / 2)
                            + "QUIT\n");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            sender.start();
            client.expect(GREETING);
            for (int i = 0; i < requests / 2; i++) {
                client.expect("42", "PONG a longer line, for more bytes in each of the records");
            }
            assertThat(client.rest()).isEmpty();
            sender.join();
        }
    }

    @Test
    void theHeaderOfAProxyComesBeforeTheHandshake() throws Exception {
        try (LineClient proxy = LineClient.connect(server, PROXY)) {
            proxy.send(HEADER);
            try (LineClient client = proxy.secure(context())) {
                client.expect(GREETING);
                client.send("WHO\n");
                client.expect("client list: {'203.0.113.7:50814'}");
            }
        }
        assertThat(events.next("closed")).startsWith("closed 203.0.113.7:50814");
    }

    @Test
    void theFirstBytesOfTlsMayComeWithTheHeader() throws Exception {
        SSLEngine engine = context().createSSLEngine();
        engine.setUseClientMode(true);
        byte[] hello = wrap(engine);
        byte[] both = Arrays.copyOf(HEADER.getBytes(StandardCharsets.US_ASCII), HEADER.length() + hello.length);
        System.arraycopy(hello, 0, both, HEADER.length(), hello.length);
        try (LineClient client = LineClient.connect(server, PROXY)) {
            client.send(both);
            assertThat(client.socket.getInputStream().read())
                    .as("type of a handshake record")
                    .isEqualTo(22);
        }
        assertThat(events.next("closed")).startsWith("closed 203.0.113.7:50814");
    }

    @Test
    void theHealthCheckOfAProxyNeedsNoTls() throws Exception {
        try (LineClient proxy = LineClient.connect(server, PROXY)) {
            proxy.send(HEALTH_CHECK + "WHY\nQUIT\n");
            assertThat(proxy.rest()).isEqualTo(GREETING + "\n42\n");
        }
    }

    @Test
    void aClientWithoutTlsIsToldWhatIsWrong() throws Exception {
        try (LineClient client = LineClient.connect(server)) {
            client.send("W");
            assertThat(client.rest()).isEqualTo("error TLS_REQUIRED this port speaks TLS\n");
            assertThat(events.next("closed"))
                    .isEqualTo("closed " + client.address() + " TLS_REQUIRED this port speaks TLS");
        }
    }

    @Test
    void whoeverDoesNotCompleteTheHandshakeTakesNoPlace() throws Exception {
        server.close();
        server = builder().tlsTimeout(Duration.ofSeconds(3)).maxConnections(1).start();
        List<LineClient> silent = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            silent.add(LineClient.connect(server));
            silent.get(i).send(new byte[] {22, 3});
        }
        try (LineClient client = secured()) {
            client.expect(GREETING);
            client.send("WHO\n");
            client.expect("client list: {'" + client.address() + "'}");
            for (LineClient each : silent) {
                assertThat(each.rest()).doesNotContain("error");
                each.close();
            }
            for (int i = 0; i < 3; i++) {
                assertThat(events.next("closed")).endsWith("TLS_HANDSHAKE_TIMEOUT");
            }
            assertThat(client.line()).isEqualTo("connected clients: 1");
        }
    }

    @Test
    void aClientThatEndsInTheMiddleOfTheHandshakeHasLeft() throws Exception {
        try (LineClient client = LineClient.connect(server)) {
            client.send(new byte[] {22, 3});
        }
        assertThat(events.next("closed")).endsWith("CLIENT_CLOSED");
    }

    /** The two alerts, user_canceled and close_notify, end a handshake, and Java calls that no error. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void whoeverEndsAHandshakeByAnAlertIsNoClientAndKeepsNobodyWaiting(String protocol) throws Exception {
        SSLEngine engine = context().createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {protocol});
        try (LineClient rude = LineClient.connect(server)) {
            rude.send(wrap(engine));
            int first = rude.socket.getInputStream().read(new byte[1 << 16]);
            assertThat(first).as("bytes of the server's part").isPositive();
            rude.send(new byte[] {21, 3, 3, 0, 2, 1, 90, 21, 3, 3, 0, 2, 1, 0});
            assertThat(events.next()).startsWith("closed " + rude.address());
            try (LineClient client = secured()) {
                client.expect(GREETING);
                assertThat(client.ask("WHO")).isEqualTo("client list: {'" + client.address() + "'}");
            }
        }
    }

    private static byte[] wrap(SSLEngine engine) throws SSLException {
        ByteBuffer out = ByteBuffer.allocate(2 * engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    @Test
    void aRecordThatIsTooLongEndsTheConnection() throws Exception {
        byte[] record = new byte[40_000];
        record[0] = 22;
        record[1] = 3;
        record[2] = 3;
        record[3] = 0x70; // a length of 28,672
        try (LineClient client = LineClient.connect(server)) {
            client.send(record);
            assertThat(events.next("closed")).contains("TLS_HANDSHAKE_FAILED");
        }
        assertThat(events.warnings()).isEmpty();
    }

    @Test
    void aClientOfTls12MayNotAskForAnotherHandshake() throws Exception {
        try (LineClient client = secured("TLSv1.2")) {
            client.expect(GREETING);
            ((SSLSocket) client.socket).startHandshake();
            assertThatThrownBy(() -> client.ask("WHY")).isInstanceOf(IOException.class);
        }
        assertThat(events.next("closed")).contains("CONNECTION_RESET");
    }

    @Test
    void onlyClientsWithACertificateAreServedIfItIsAskedFor() throws Exception {
        server.close();
        server = builder()
                .tls(files().withClientAuthority(resource("authority.pem")))
                .start();
        List<X509Certificate> authority = PemFiles.certificates(resource("authority.pem"));
        SSLContext known = TlsContexts.of(
                authority, PemFiles.certificates(resource("client.pem")), PemFiles.privateKey(resource("client.key")));
        try (LineClient client = LineClient.connect(server).secure(known)) {
            client.expect(GREETING);
        }
        try (LineClient client = LineClient.connect(server).secure(context(), "TLSv1.3")) {
            assertThatThrownBy(client::line).isInstanceOf(SSLException.class).hasMessageContaining("certificate");
        }
        assertThat(events.next("closed")).contains("CLIENT_CLOSED");
        assertThat(events.next("closed")).contains("TLS_HANDSHAKE_FAILED");
    }

    @Test
    void newConnectionsGetACertificateThatHasChanged() throws Exception {
        try (LineClient before = secured()) {
            before.expect(GREETING);
            copy("renewed", "certificate");
            String name = "";
            while (!name.equals("CN=renewed")) { // the server looks once a second; a test that fails does not end
                Thread.sleep(100);
                try (LineClient client = secured()) {
                    name = ((SSLSocket) client.socket)
                            .getSession()
                            .getPeerPrincipal()
                            .getName();
                }
            }
            assertThat(before.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void filesThatCannotBeUsedAnyMoreAreReportedOnceAndTheOldOnesStay() throws Exception {
        Files.writeString(folder.resolve("certificate.key"), "nothing");
        while (events.warnings().isEmpty()) {
            Thread.sleep(100);
            try (LineClient client = secured()) {
                client.expect(GREETING);
            }
        }
        assertThat(events.warnings().get(0))
                .startsWith("keeping the old TLS certificate: ")
                .contains("certificate.key: no private key in it");
    }

    @Test
    void filesThatCannotBeUsedAreReportedAtTheStart() throws Exception {
        Files.delete(folder.resolve("certificate.key"));
        assertThatThrownBy(builder()::start)
                .isInstanceOf(TlsException.class)
                .hasMessage(folder.resolve("certificate.key") + ": no such file");
        Files.copy(resource("client.key"), folder.resolve("certificate.key"));
        assertThatThrownBy(builder()::start)
                .isInstanceOf(TlsException.class)
                .hasMessage(folder.resolve("certificate.key") + ": the key is not that of the certificate");
    }

    @Test
    void handshakesEndWithTheServer() throws Exception {
        try (LineClient silent = LineClient.connect(server)) {
            silent.send(new byte[] {22, 3});
            try (LineClient client = secured()) {
                client.expect(GREETING);
                server.close();
                assertThat(client.rest()).isEmpty();
            }
            assertThat(silent.socket.getInputStream().readAllBytes()).hasSizeLessThan(64);
        }
        assertThat(server.closed(CloseReason.SERVER_STOPPING)).isEqualTo(2);
    }
}
