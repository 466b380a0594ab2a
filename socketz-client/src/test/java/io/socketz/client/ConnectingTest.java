package io.socketz.client;

import static io.socketz.client.ScriptedServer.GREETING;
import static io.socketz.client.ScriptedServer.ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.address.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a client finds a server, and what it reports if it does not. */
@Timeout(60)
class ConnectingTest {
    private static SocketzException failure(SocketzClient.Builder builder) {
        return catchThrowableOfType(SocketzException.class, builder::connect);
    }

    private static String failureAt(ScriptedServer.Script script, Duration timeout) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(script)) {
            SocketzException e =
                    failure(SocketzClient.builder().addresses(server.address()).connectTimeout(timeout));
            assertThat(e.reason()).isEqualTo(Reason.CONNECT_FAILED);
            Attempt attempt = e.attempts().get(0);
            assertThat(e).hasMessage(server.address() + ": " + attempt.failure().getMessage());
            return attempt.failure().reason() + ": " + attempt.failure().getMessage();
        }
    }

    private static String failureAt(ScriptedServer.Script script) throws Exception {
        return failureAt(script, Duration.ofSeconds(20));
    }

    @Test
    void reportsWhatEachKindOfBadServerDidWrong() throws Exception {
        assertThat(failureAt(peer -> {})).isEqualTo("CONNECTION_LOST: the connection ended before the greeting");
        assertThat(failureAt(peer -> peer.send(GREETING.substring(0, 7))))
                .isEqualTo("CONNECTION_LOST: the connection ended before the greeting");
        assertThat(failureAt(peer -> peer.send("HTTP/1.1 400 Bad Request\r\n")))
                .isEqualTo("MALFORMED_REPLY: no greeting, but another reply");
        String tooLong = "MALFORMED_REPLY: the server sent a line of more than 1024 bytes, and no list of clients";
        assertThat(failureAt(peer -> peer.send("use " + "x".repeat(1_021)))).isEqualTo(tooLong);
        assertThat(failureAt(peer -> peer.send("client list: {" + "x".repeat(1_021))))
                .isEqualTo(tooLong);
        assertThat(failureAt(peer -> {
                    peer.send(GREETING);
                    peer.line();
                    peer.send("x".repeat(1_025));
                }))
                .isEqualTo(tooLong);
        assertThat(failureAt(peer -> peer.send("42\n"))).isEqualTo("MALFORMED_REPLY: no greeting, but another reply");
        assertThat(failureAt(peer -> peer.send("error TOO_MANY_CONNECTIONS max 1000\n")))
                .isEqualTo("SERVER_ERROR: TOO_MANY_CONNECTIONS max 1000");
        assertThat(failureAt(peer -> {
                    peer.send(GREETING);
                    peer.line();
                }))
                .isEqualTo("CONNECTION_LOST: the connection ended before the id");
        assertThat(failureAt(peer -> peer.welcome(GREETING))).isEqualTo("MALFORMED_REPLY: no id, but another reply");
        assertThat(failureAt(peer -> peer.welcome(ID + ID)))
                .isEqualTo("MALFORMED_REPLY: the server sent a reply that nobody asked for");
        assertThat(failureAt(peer -> {
                    peer.send(GREETING);
                    peer.line();
                    peer.reset();
                }))
                .startsWith("CONNECTION_LOST: ");
    }

    @Test
    void doesNotWaitForeverForASilentServer() throws Exception {
        Duration soon = Duration.ofMillis(100);
        assertThat(failureAt(ScriptedServer.Peer::idle, soon))
                .isEqualTo("CONNECT_TIMEOUT: no greeting in time: perhaps the server expects TLS");
        assertThat(failureAt(
                        peer -> {
                            peer.send(GREETING);
                            peer.idle();
                        },
                        soon))
                .isEqualTo("CONNECT_TIMEOUT: no id in time");
    }

    @Test
    void namesEveryAddressAndItsFailure() throws Exception {
        String refused = "127.0.0.1:" + freePort();
        try (ScriptedServer full = ScriptedServer.start(peer -> peer.send("error TOO_MANY_CONNECTIONS max 1\n"))) {
            SocketzException e = failure(SocketzClient.builder()
                    .addresses(refused + ", " + full.address() + ",no.such.host.invalid")
                    .shuffle(false));
            assertThat(e)
                    .hasMessage(refused + ": Connection refused; " + full.address()
                            + ": TOO_MANY_CONNECTIONS max 1; no.such.host.invalid:4141: unknown host");
            assertThat(e.attempts())
                    .extracting(attempt -> attempt.failure().reason())
                    .containsExactly(Reason.CONNECT_FAILED, Reason.SERVER_ERROR, Reason.UNKNOWN_HOST);
            assertThat(e.attempts().get(1).failure().code()).isEqualTo("TOO_MANY_CONNECTIONS");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, Literals.address("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void triesTheNextAddress() throws Exception {
        RecordingListener events = new RecordingListener();
        try (ScriptedServer full = ScriptedServer.start(peer -> peer.send("error TOO_MANY_CONNECTIONS max 1\n"));
                ScriptedServer free = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.echo();
                });
                SocketzClient client = SocketzClient.builder()
                        .addresses(full.address() + "," + free.address())
                        .shuffle(false)
                        .listener(events)
                        .connect()) {
            assertThat(client.server().orElseThrow().asked()).hasToString(free.address());
            assertThat(events.next())
                    .isEqualTo("failed " + full.address() + ": TOO_MANY_CONNECTIONS max 1, next at once");
            assertThat(events.next()).isEqualTo("connected 08483048 at " + free.address());
        }
    }

    @Test
    void eachClientOfABuilderTriesTheAddressesInItsOwnOrder() throws Exception {
        List<SocketzClient> clients = new ArrayList<>();
        try (ScriptedServer one = ScriptedServer.start(ConnectingTest::welcome);
                ScriptedServer two = ScriptedServer.start(ConnectingTest::welcome)) {
            SocketzClient.Builder builder = SocketzClient.builder().addresses(one.address() + "," + two.address());
            // With this many, it is no accident that both get one.
            for (int i = 0; i < 20; i++) {
                clients.add(builder.connect());
            }
            assertThat(List.of(one.connections(), two.connections())).doesNotContain(0);
        } finally {
            clients.forEach(SocketzClient::close);
        }
    }

    /** A host without a port is tried at two. */
    private static SocketzClient.Builder atPorts(int... ports) {
        return SocketzClient.builder()
                .places(List.of(Arrays.stream(ports)
                        .mapToObj(port -> new HostPort("127.0.0.1", port))
                        .toList()));
    }

    @Test
    void triesTheOtherPortIfNothingListensAtTheFirst() throws Exception {
        int nobody = freePort();
        try (ScriptedServer server = ScriptedServer.start(ConnectingTest::welcome);
                SocketzClient client = atPorts(nobody, server.port()).connect()) {
            assertThat(client.server().orElseThrow().asked()).hasToString(server.address());
        }
        int neither = freePort();
        assertThat(failure(atPorts(nobody, neither)))
                .hasMessage(
                        "127.0.0.1:" + nobody + ": Connection refused; 127.0.0.1:" + neither + ": Connection refused");
    }

    @Test
    void doesNotBypassAServerThatListensAndRefuses() throws Exception {
        try (ScriptedServer hangsUp = ScriptedServer.start(peer -> {});
                ScriptedServer server = ScriptedServer.start(ConnectingTest::welcome)) {
            assertThat(failure(atPorts(hangsUp.port(), server.port())))
                    .hasMessage(hangsUp.address() + ": the connection ended before the greeting");
        }
    }

    private static void welcome(ScriptedServer.Peer peer) throws Exception {
        peer.welcome();
        peer.echo();
    }

    @Test
    void triesEveryAddressOfAName() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
            peer.welcome();
            peer.echo();
        })) {
            InetAddress there = Literals.address("127.0.0.1");
            InetAddress nobody = Literals.nobody();
            // With this many, it cannot find the right one by chance.
            for (long seed = 0; seed < 8; seed++) {
                List<String> asked = new ArrayList<>();
                try (SocketzClient client = SocketzClient.builder()
                        .addresses("servers.test:" + server.port())
                        .seed(seed)
                        .resolver(host -> {
                            asked.add(host);
                            return new InetAddress[] {nobody, there, nobody};
                        })
                        .connect()) {
                    assertThat(client.server().orElseThrow().address().getAddress())
                            .as("seed %d", seed)
                            .isEqualTo(there);
                    assertThat(asked).containsExactly("servers.test");
                }
            }
        }
    }

    @Test
    void doesNotWaitForeverForAName() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try {
            SocketzException e = failure(SocketzClient.builder()
                    .addresses("slow.test")
                    .connectTimeout(Duration.ofMillis(100))
                    .resolver(host -> {
                        await(over);
                        throw new UnknownHostException(host);
                    }));
            assertThat(e).hasMessage("slow.test:4141: no address for that name in time");
            assertThat(e.attempts().get(0).failure().reason()).isEqualTo(Reason.CONNECT_TIMEOUT);
        } finally {
            over.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void acceptsAWelcomeByteByByte() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.sendByByte(GREETING);
                    peer.line();
                    peer.sendByByte(ID);
                    peer.echo();
                });
                SocketzClient client =
                        SocketzClient.builder().addresses(server.address()).connect()) {
            assertThat(client.server().orElseThrow().id()).hasToString(ID.strip());
        }
    }

    @Test
    void checksItsOptions() {
        SocketzClient.Builder builder = SocketzClient.builder();
        assertThatThrownBy(builder::connect)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no address to connect to");
        assertThatThrownBy(() -> builder.addresses("a:0")).hasMessage("'a:0' has port 0, which nobody can reach");
        assertThatThrownBy(() -> builder.addresses("a,")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.addresses("::1")).hasMessageContaining("brackets");
        assertThatThrownBy(() -> builder.addresses(List.of())).hasMessage("no address");
        assertThatThrownBy(() -> builder.requestTimeout(Duration.ZERO))
                .hasMessage("a time of PT0S is not more than zero");
        assertThatThrownBy(() -> builder.maxPending(0)).hasMessage("pending requests: 0 is less than 1");
        assertThatThrownBy(() -> builder.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessage("a backoff from PT2S to PT1S");
    }

    @Test
    void cancellingClosesTheClient() throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(idle(ended))) {
            SocketzClient.builder().addresses(server.address()).connectAsync().cancel(true);
            // Before the client got as far as that, or after.
            if (server.connections() > 0) {
                await(ended);
            }
        }
        assertThat(Threads.ofClients()).isEmpty();
    }

    @Test
    void anInterruptEndsTheWaitAndClosesTheClient() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(idle(ended))) {
            CompletableFuture<SocketzException> failure = new CompletableFuture<>();
            Thread thread = new Thread(
                    () -> failure.complete(failure(SocketzClient.builder().addresses(server.address()))));
            thread.start();
            server.awaitConnection();
            thread.interrupt();
            assertThat(failure.get(20, TimeUnit.SECONDS)).hasMessage("interrupted while connecting");
            await(ended);
        }
        assertThat(Threads.ofClients()).isEmpty();
    }

    @Test
    void aTimeoutOfTheFutureClosesTheClient() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(idle(ended))) {
            CompletableFuture<SocketzClient> connected = SocketzClient.builder()
                    .addresses(server.address())
                    .connectTimeout(Duration.ofMinutes(5))
                    .connectAsync();
            server.awaitConnection();
            assertThatThrownBy(connected.orTimeout(1, TimeUnit.MILLISECONDS)::join)
                    .hasCauseInstanceOf(TimeoutException.class);
            await(ended);
        }
    }

    private static ScriptedServer.Script idle(CountDownLatch ended) {
        return peer -> {
            try {
                peer.idle();
            } finally {
                ended.countDown();
            }
        };
    }
}
