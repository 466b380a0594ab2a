package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What operators get from the admin port of a server in memory. */
class AdminPortTest {
    private final Events events = new Events();
    private SocketzServer server;

    @BeforeEach
    void start() throws IOException {
        server = SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .name("server01")
                .adminPort(0)
                .listener(events)
                .start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private InetSocketAddress admin() {
        return server.adminAddress().orElseThrow();
    }

    /** An answer: what stands before the body, and the body. */
    private record Answer(String head, String body) {
        int status() {
            return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        }
    }

    private Answer get(String path, String... headers) throws IOException {
        String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        // HTTP/1.0: the body comes in one piece.
        String[] parts = raw("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n" + lines + "\r\n")
                .split("\r\n\r\n", 2);
        return new Answer(parts[0], parts[1]);
    }

    private String body(String path) throws IOException {
        Answer answer = get(path);
        assertThat(answer.status()).as(path).isEqualTo(200);
        return answer.body();
    }

    /** The status line and all that follows, of a request as it is written. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(admin().getAddress(), admin().getPort())) {
            socket.setSoTimeout(30_000); // JUnit cannot interrupt a read
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aStartThatFailsFreesItsPort() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        SocketzServer.Builder builder =
                SocketzServer.builder().host("127.0.0.1").port(0).adminPort(port);
        builder.adminTokens(Path.of("no such file"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(builder::start).isInstanceOf(AdminTokensException.class);
        }
        SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .adminPort(port)
                .start()
                .close();
    }

    @Test
    void itIsOnLoopbackUnlessToldOtherwise() {
        assertThat(admin().getAddress().isLoopbackAddress()).isTrue();
    }

    @Test
    void othersAreToldOfItIfTheyCanReachIt() throws Exception {
        assertThat(server.member().admin()).hasValue("127.0.0.1:" + admin().getPort());
        try (SocketzServer other =
                SocketzServer.builder().host("0.0.0.0").port(0).adminPort(0).start()) {
            assertThat(other.member().admin()).as("on loopback").isEmpty();
        }
    }

    @Test
    void aServerWithoutAnAdminPortHasNone() throws Exception {
        try (SocketzServer other =
                SocketzServer.builder().host("127.0.0.1").port(0).start()) {
            assertThat(other.adminAddress()).isEmpty();
        }
    }

    @Test
    void aPortThatIsInUseIsNamed() {
        assertThatThrownBy(() -> SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .adminPort(admin().getPort())
                        .start())
                .isInstanceOf(ListenException.class)
                .hasMessageContaining(":" + admin().getPort() + " for the admin port");
    }

    @Test
    void aHostWithoutAnAddressIsNamed() {
        assertThatThrownBy(() -> SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .adminHost("no.such.host.invalid")
                        .adminPort(0)
                        .start())
                .isInstanceOf(ListenException.class)
                .hasMessage(
                        "cannot listen on no.such.host.invalid:0 for the admin port: no address is known for that name");
    }

    // ---------------------------------------------------------------- health

    @Test
    void itLivesAndIsReady() throws Exception {
        assertThat(body("/livez")).isEqualTo("live\n");
        assertThat(body("/livez?verbose")).contains("event loops answer\n").endsWith("live\n");
        assertThat(body("/readyz")).isEqualTo("ready\n");
        assertThat(body("/readyz?verbose")).isEqualTo("[+]takes clients\n[+]no etcd is used\nready\n");
    }

    /** Its loops have ended by then. */
    @Test
    @Timeout(60)
    void itLivesUntilItHasLeftTheCluster() throws Exception {
        CountDownLatch leaving = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        try (SocketzServer leaves = SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .adminPort(0)
                .registry((self, state) -> new ForwardingRegistry(self, state) {
                    @Override
                    public void close() {
                        leaving.countDown();
                        try {
                            left.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        super.close();
                    }
                })
                .start()) {
            InetSocketAddress admin = leaves.adminAddress().orElseThrow();
            Thread closes = new Thread(leaves::close);
            closes.start();
            leaving.await();
            try (Socket asks = new Socket(admin.getAddress(), admin.getPort())) {
                asks.getOutputStream()
                        .write("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(asks.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200 ")
                        .endsWith("live\n");
            } finally {
                left.countDown();
            }
            closes.join();
        }
    }

    @Test
    @Timeout(60)
    void healthDoesNotWaitForThoseWhoAreSlowToSendTheirRequest() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                Socket each = new Socket(admin().getAddress(), admin().getPort());
                slow.add(each);
                each.getOutputStream().write("GET /api/clients HTTP/1.1\r\nHo".getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(body("/livez")).isEqualTo("live\n");
            assertThat(body("/readyz")).isEqualTo("ready\n");
        } finally {
            for (Socket each : slow) {
                each.close();
            }
        }
    }

    // ---------------------------------------------------------------- metrics

    @Test
    void metricsMoveWithWhatHappens() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("WHY")).isEqualTo("42");
            assertThat(body("/metrics"))
                    .contains("\nsocketz_clients 1.0\n")
                    .contains("\nsocketz_requests_total{command=\"WHY\"} 1.0\n")
                    .contains("\nsocketz_build_info{version=")
                    .contains("\njvm_")
                    .doesNotContain("\nsocketz_etcd_up");
        }
    }

    @Test
    void metricsComeInTheFormatOfOpenMetricsOnRequest() throws Exception {
        Answer answer = get("/metrics", "Accept: application/openmetrics-text; version=1.0.0");
        assertThat(answer.head()).containsIgnoringCase("Content-Type: application/openmetrics-text");
        assertThat(answer.body()).endsWith("# EOF\n");
    }

    // ---------------------------------------------------------------- the API

    @Test
    void theApiSaysWhoIsConnected() throws Exception {
        String id = server.member().id().toString();
        try (LineClient first = LineClient.greeted(server);
                LineClient second = LineClient.greeted(server)) {
            assertThat(first.ask("NAME alice")).contains("name=alice");
            assertThat(body("/api/servers"))
                    .startsWith("{\"servers\":[{\"id\":\"" + id + "\",\"name\":\"server01\"")
                    .contains("\"clients\":2,\"state\":\"ready\"")
                    .contains("\"etcd\":\"none\"");
            assertThat(body("/api/clients?limit=1"))
                    .contains("\"id\":\"" + id + "/1\"")
                    .contains("\"total\":2");
            assertThat(body("/api/clients?after=" + id + "/1"))
                    .contains(id + "/2")
                    .doesNotContain(id + "/1\"");
            assertThat(body("/api/clients?name=a*&fresh&server=server01&addr=127.0.0.0%2F8"))
                    .contains("\"name\":\"alice\"")
                    .contains("\"fresh\":true")
                    .doesNotContain(id + "/2");
            assertThat(second.ask("WHY")).isEqualTo("42");
        }
        assertThat(events.next("closed")).isNotEmpty();
        assertThat(events.next("closed")).isNotEmpty();
        assertThat(body("/api/closed?last=10m")).contains("\"reason\":\"CLIENT_CLOSED\"");
        assertThat(body("/api/rates")).startsWith("{\"interval\":5,\"joins\":[");
    }

    @Test
    void badParametersAreNamed() throws Exception {
        for (String path : List.of(
                "/api/clients?limit=0",
                "/api/clients?limit=a%20b",
                "/api/clients?name=a&name=b",
                "/api/clients?colour=red",
                "/api/clients?addr=300.0.0.0%2F8",
                "/api/clients?name=" + "x".repeat(2000),
                "/api/clients?server=nobody",
                "/api/clients?after=%0aQUIT",
                "/api/closed?last=never",
                "/api/events?since=-1",
                "/api/events?since=999999999999",
                "/api/servers?x")) {
            Answer answer = get(path);
            assertThat(answer.status()).as(path).isEqualTo(400);
            assertThat(answer.body()).as(path).startsWith("{\"error\":\"").contains("expected");
        }
        assertThat(get("/livez?verbose=perhaps").status()).isEqualTo(400);
    }

    @Test
    void eventsComeAsTheyHappenAndGoOnWhereTheReaderWas() throws Exception {
        String last;
        try (Socket socket = eventStream("");
                BufferedReader reader = reader(socket)) {
            assertThat(await(reader, "retry: ")).as("the stream has begun").isNotEmpty();
            LineClient client = LineClient.greeted(server);
            last = await(
                    reader, "\"event\":\"join\",\"id\":\"" + server.member().id() + "/1\"", "id: ");
            client.close();
        }
        assertThat(events.next("closed")).isNotEmpty();
        try (Socket socket = eventStream(last);
                BufferedReader reader = reader(socket)) {
            assertThat(await(reader, "data: ")).contains("\"event\":\"leave\"").contains("CLIENT_CLOSED");
        }
    }

    private Socket eventStream(String last) throws IOException {
        Socket socket = new Socket(admin().getAddress(), admin().getPort());
        String header = last.isEmpty() ? "" : "Last-Event-ID: " + last + "\r\n";
        socket.getOutputStream()
                .write(("GET /api/events HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static String await(BufferedReader reader, String text) throws IOException {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.contains(text)) {
                return line;
            }
        }
        throw new AssertionError("the stream ended before '" + text + "'");
    }

    /** The rest of the line that begins with {@code prefix}, before the one with {@code text}. */
    private static String await(BufferedReader reader, String text, String prefix) throws IOException {
        List<String> found = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith(prefix)) {
                found.add(line.substring(prefix.length()));
            }
            if (line.contains(text)) {
                return found.get(found.size() - 1);
            }
        }
        throw new AssertionError("the stream ended before '" + text + "'");
    }

    // ---------------------------------------------------------------- what is not let through

    @Test
    void onlyGetAndHeadAreAnswered() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH")) {
            String answer = raw(method + " /api/clients HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(method).startsWith("HTTP/1.1 405 ").contains("Allow: GET, HEAD");
        }
        assertThat(raw("HEAD /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("\r\n\r\n");
    }

    @Test
    void otherPathsAreNotFound() throws Exception {
        for (String path :
                List.of("/x", "/api", "/api/", "/livez/", "/page.js/../x", "//livez", "/%2e%2e/etc/passwd")) {
            assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .as(path)
                    .startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void onLoopbackTheHostMustBeThisMachine() throws Exception {
        for (String host : List.of("localhost", "LOCALHOST:9151", "127.0.0.1", "127.0.0.1:80", "[::1]:9151")) {
            assertThat(raw("GET /livez HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .as(host)
                    .startsWith("HTTP/1.1 200 ");
        }
        for (String host : List.of("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1")) {
            assertThat(raw("GET /livez HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .as(host)
                    .startsWith("HTTP/1.1 421 ");
        }
    }

    @Test
    void noAnswerMayBeKeptOrRunScriptsOfOthers() throws Exception {
        for (String path : List.of("/", "/api/clients", "/livez", "/metrics", "/nothing")) {
            Answer answer = get(path);
            assertThat(answer.head())
                    .as(path)
                    .containsIgnoringCase("Cache-Control: no-store")
                    .containsIgnoringCase("Content-Security-Policy: default-src 'none'; script-src 'self'");
        }
    }

    @Test
    void thePageIsThere() throws Exception {
        assertThat(body("/")).containsIgnoringCase("<!doctype html>");
        for (String path : List.of("/page.css", "/page.js", "/icon.svg")) {
            assertThat(get(path).status()).as(path).isEqualTo(200);
        }
    }

    @Test
    void moreStreamsThanThereArePlacesAreRefused() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 32; i++) {
                Socket stream = eventStream("");
                open.add(stream);
                assertThat(reader(stream).readLine()).startsWith("HTTP/1.1 200");
            }
            Answer refused = get("/api/events");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.head()).containsIgnoringCase("Retry-After: ");
            assertThat(body("/livez")).isEqualTo("live\n");
        } finally {
            for (Socket each : open) {
                each.close();
            }
        }
    }
}
