package io.socketz.client;

import static io.socketz.client.ScriptedServer.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.reply.Reply;
import io.socketz.server.SocketzServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to requests, and to the client, when a connection is lost. */
@Timeout(60)
class LosingTest {
    private static final String OTHER_ID = "11111111-5a1c-4b6e-9d6e-0d9b0d6c1f2a\n";

    private final RecordingListener events = new RecordingListener();

    private SocketzClient.Builder builder(String addresses) {
        return SocketzClient.builder()
                .addresses(addresses)
                .shuffle(false)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(20))
                .requestTimeout(Duration.ofSeconds(20))
                .listener(events);
    }

    private static ScriptedServer.Script echo(String id) {
        return peer -> {
            peer.welcome(id);
            peer.echo();
        };
    }

    private static Reply echoed(String line) {
        return new Reply.Failure("ECHO", line);
    }

    @Test
    void requestsInFlightFailAndAreNotSentAgain() throws Exception {
        CountDownLatch greet = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            peer.line();
                            peer.line();
                            peer.reset();
                        },
                        peer -> {
                            greet.await();
                            peer.welcome(OTHER_ID);
                            peer.echo();
                        });
                SocketzClient client = builder(server.address()).connect()) {
            CompletableFuture<?> first = client.send("first");
            CompletableFuture<?> second = client.send("second");
            Failures.expect(first, Reason.CONNECTION_LOST);
            Failures.expect(second, Reason.CONNECTION_LOST);
            assertThat(client.server()).isEmpty();
            // It waits for the next connection.
            var third = client.send("third");
            greet.countDown();
            assertThat(third.get()).containsExactly(echoed("third"));
            assertThat(server.lines).containsExactly("first", "second", "third");
            assertThat(events.next()).isEqualTo("connected 08483048 at " + server.address());
            assertThat(events.next())
                    .startsWith("disconnected 08483048 at " + server.address() + ", CONNECTION_LOST: ");
            assertThat(events.next())
                    .isEqualTo("connected 11111111 at " + server.address() + " after 08483048 at " + server.address());
        }
    }

    @Test
    void goesToTheNextServer() throws Exception {
        SocketzServer one = SocketzServer.builder().host("127.0.0.1").port(0).start();
        try (SocketzServer two =
                        SocketzServer.builder().host("127.0.0.1").port(0).start();
                SocketzClient client =
                        builder(address(one) + "," + address(two)).connect()) {
            assertThat(client.where().get()).isEqualTo(one.member().id());
            one.close();
            events.next("connected " + one.member().name());
            assertThat(events.next()).endsWith("CONNECTION_LOST: the server ended the connection");
            assertThat(client.where().get()).isEqualTo(two.member().id());
            assertThat(events.next()).startsWith("connected " + two.member().name());
        } finally {
            one.close();
        }
    }

    private static String address(SocketzServer server) {
        return "127.0.0.1:" + server.address().getPort();
    }

    @Test
    void goesToTheOtherAddressOfItsName() throws Exception {
        try (ScriptedServer one = ScriptedServer.startOn("127.0.0.1", peer -> {
                    peer.welcome();
                    peer.line();
                });
                SocketzClient client = builder("servers.test:" + one.port())
                        .resolver(host -> new InetAddress[] {Literals.address("127.0.0.1"), Literals.nobody()})
                        .connect()) {
            assertThat(events.next("connected")).isNotEmpty();
            Failures.expect(client.send("last"), Reason.CONNECTION_LOST);
            assertThat(events.next("disconnected")).isNotEmpty();
            // The server that was lost comes last, in any random order.
            assertThat(events.next())
                    .startsWith("failed servers.test:" + one.port() + " (")
                    .doesNotContain("(127.0.0.1)")
                    .contains("): Connection refused");
        }
    }

    @Test
    void retriesForManyRounds() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> peer.welcome(),
                        peer -> {},
                        peer -> {},
                        peer -> peer.send("error TOO_MANY_CONNECTIONS max 1\n"),
                        echo(OTHER_ID));
                SocketzClient client = builder(server.address()).connect()) {
            assertThat(events.next()).startsWith("connected");
            assertThat(events.next()).startsWith("disconnected");
            assertThat(client.send("late").get()).containsExactly(echoed("late"));
            String failed = "failed " + server.address() + ": the connection ended before the greeting, next later";
            assertThat(events.next()).isEqualTo(failed);
            assertThat(events.next()).isEqualTo(failed);
            assertThat(events.next()).endsWith("TOO_MANY_CONNECTIONS max 1, next later");
            assertThat(events.next()).startsWith("connected 11111111");
        }
    }

    @Test
    void requestsWithoutAServerFailInTime() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> peer.welcome(), peer -> {});
                SocketzClient client = builder(server.address())
                        .requestTimeout(Duration.ofMillis(200))
                        .connect()) {
            events.next("failed");
            assertThat(Failures.expect(client.why(), Reason.NOT_CONNECTED)).hasMessageStartingWith("no server in time");
            assertThat(client.pending()).isZero();
            assertThat(server.lines).isEmpty();
        }
    }

    @Test
    void endsWithItsConnectionIfToldNotToReconnect() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                });
                SocketzClient client =
                        builder(server.address()).reconnect(false).connect()) {
            Failures.expect(client.why(), Reason.CONNECTION_LOST);
            assertThat(Failures.expect(client.why(), Reason.NOT_CONNECTED))
                    .hasMessage("the connection was lost: the server ended the connection");
            assertThat(server.connections()).isEqualTo(1);
        }
        assertThat(Threads.ofClients()).isEmpty();
    }

    @Test
    void saysWhyTheServerEndedTheConnection() throws Exception {
        try (SocketzServer server = SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .idleTimeout(Duration.ofMillis(50))
                        .start();
                SocketzClient client =
                        builder("127.0.0.1:" + server.address().getPort()).connect()) {
            assertThat(client.server()).isPresent();
            assertThat(events.next("disconnected"))
                    .endsWith("the server ended the connection: IDLE_TIMEOUT nothing was sent for too long");
        }
    }

    @Test
    void givesUpASilentServer() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            peer.idle();
                        },
                        echo(OTHER_ID));
                SocketzClient client = builder(server.address())
                        .requestTimeout(Duration.ofMillis(100))
                        .connect()) {
            Failures.expect(client.why(), Reason.REQUEST_TIMEOUT);
            assertThat(events.next("disconnected")).endsWith("CONNECTION_LOST: the server is silent");
            assertThat(events.next("connected")).startsWith("connected 11111111");
        }
    }

    @Test
    void givesUpAServerThatFallsSilentBeforeALateReplyIsComplete() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            peer.line();
                            peer.send("error ECHO ");
                            while (!late.await(5, TimeUnit.MILLISECONDS)) {
                                peer.send("x");
                            }
                            peer.idle();
                        },
                        echo(OTHER_ID));
                SocketzClient client = builder(server.address())
                        .requestTimeout(Duration.ofMillis(500))
                        .connect()) {
            Failures.expect(client.send("first"), Reason.REQUEST_TIMEOUT);
            late.countDown();
            // Nothing is asked meanwhile.
            assertThat(events.next("disconnected")).endsWith("CONNECTION_LOST: the server is silent");
            assertThat(events.next("connected")).startsWith("connected 11111111");
            assertThat(client.pending()).isZero();
        }
    }

    @Test
    void aPingFindsThatAServerIsGone() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            peer.line();
                            peer.send("42\n");
                            peer.idle();
                        },
                        echo(OTHER_ID));
                SocketzClient client = builder(server.address())
                        .requestTimeout(Duration.ofMillis(100))
                        .pingInterval(Duration.ofMillis(10))
                        .connect()) {
            assertThat(client.server()).isPresent();
            assertThat(events.next("disconnected")).endsWith("CONNECTION_LOST: the server is silent");
            assertThat(events.next("connected")).startsWith("connected 11111111");
            assertThat(server.nextLine()).isEqualTo("WHY");
        }
    }

    @Test
    void aWatchFindsThatAServerIsGoneHoweverSeldomThereArePings() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            peer.line();
                            peer.send("0 clients of 0 at revision 7\n");
                            peer.idle();
                        },
                        echo(OTHER_ID));
                SocketzClient client = builder(server.address())
                        .requestTimeout(Duration.ofMillis(100))
                        .nowInterval(Duration.ofMillis(10))
                        .pingInterval(Duration.ofHours(1))
                        .connect()) {
            client.watch(new WatchedRoster());
            assertThat(events.next("disconnected")).endsWith("CONNECTION_LOST: the server is silent");
            assertThat(events.next("connected")).startsWith("connected 11111111");
        }
    }

    @Test
    void leavesAServerThatSpeaksOutOfTurn() throws Exception {
        expectMalformed("42\n42\n", "the server sent a reply that nobody asked for");
        expectMalformed(ID, "the server sent a reply to something else");
        expectMalformed("fresh at revision 7\n", "the server sent a reply to something else");
        expectMalformed("hello\n", "the server sent a reply to something else");
        expectMalformed("1 client\nx\n", "the server sent a reply to something else");
        expectMalformed("01 client\n", "the server sent a line of 9 characters that is no reply");
        expectMalformed(
                "client list: {'a'}\n42\n", "the server sent a client list of 1 is not followed by that number");
    }

    private void expectMalformed(String reply, String message) throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        peer -> {
                            peer.welcome();
                            peer.line();
                            peer.send(reply);
                            peer.idle();
                        },
                        echo(OTHER_ID));
                SocketzClient client = builder(server.address()).connect()) {
            var why = client.why();
            assertThat(events.next("disconnected")).endsWith("MALFORMED_REPLY: " + message);
            if (reply.startsWith("42")) {
                assertThat(why.get(20, TimeUnit.SECONDS)).isEqualTo(42);
            } else {
                Failures.expect(why, Reason.MALFORMED_REPLY);
            }
            assertThat(events.next("connected")).startsWith("connected 11111111");
        }
        events.next("disconnected");
    }
}
