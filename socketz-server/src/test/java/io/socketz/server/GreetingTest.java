package io.socketz.server;

import static io.socketz.server.LineClient.GREETING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.address.CidrSet;
import io.socketz.server.event.CloseReason;
import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.StateThread;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The greeting over real sockets, with a registry that announces clients when the test says so. */
class GreetingTest {
    private static final String PROXY = "127.0.0.2";
    private static final String HEADER = "PROXY TCP4 203.0.113.7 10.0.0.1 50814 5151\r\n";

    private final Events events = new Events();

    /** A step for each client that has joined: to be run when it is announced. */
    private final BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();

    private SocketzServer server;

    @BeforeEach
    void start() throws Exception {
        server = builder().start();
    }

    private SocketzServer.Builder builder() {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .loops(1)
                .proxies(CidrSet.parse(PROXY + "/32"))
                .listener(events)
                .drainTimeout(Duration.ofSeconds(20))
                .registry(LateAnnouncements::new);
    }

    @AfterEach
    void stop() {
        waiting.forEach(Runnable::run);
        server.close();
    }

    private final class LateAnnouncements extends ForwardingRegistry {
        LateAnnouncements(Member self, StateThread state) {
            super(self, state);
        }

        @Override
        public Client join(String address, @Nullable String via, Runnable onAnnounced) {
            Client client = super.join(address, via, () -> {});
            waiting.add(onAnnounced);
            return client;
        }
    }

    /** The step that announces the next client that joins. */
    private Runnable nextJoined() throws InterruptedException {
        Runnable next = waiting.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nobody joins");
        }
        return next;
    }

    private static void expectNothing(LineClient client) throws Exception {
        client.socket.setSoTimeout(50);
        assertThatThrownBy(client::line).isInstanceOf(SocketTimeoutException.class);
        client.socket.setSoTimeout(10_000);
    }

    @Test
    void aClientIsGreetedOnceItIsAnnounced() throws Exception {
        try (LineClient client = LineClient.connect(server)) {
            Runnable announce = nextJoined();
            expectNothing(client);
            announce.run();
            client.expect(GREETING);
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void whatIsSentBeforeTheGreetingIsAnsweredAfterIt() throws Exception {
        try (LineClient client = LineClient.connect(server)) {
            client.send("WHY\nWHO\nnonsense\nQUIT\n");
            Runnable announce = nextJoined();
            expectNothing(client);
            announce.run();
            client.expect(GREETING, "42", "client list: {'" + client.address() + "'}", "connected clients: 1");
            assertThat(client.rest()).isEqualTo("invalid command: " + GREETING + "\n");
        }
    }

    @Test
    void aClientThatHalfClosesBeforeTheGreetingGetsItAndItsReplies() throws Exception {
        try (LineClient client = LineClient.connect(server)) {
            client.send("WHY\n");
            client.socket.shutdownOutput();
            Runnable announce = nextJoined();
            expectNothing(client);
            announce.run();
            assertThat(client.rest()).isEqualTo(GREETING + "\n42\n");
        }
        assertThat(events.next("closed")).endsWith(" CLIENT_CLOSED");
    }

    /** Requests and telnet commands come in one piece with the header, and in many. */
    @Test
    void whatFollowsAProxyHeaderWaitsForTheGreetingToo() throws Exception {
        String requests = "\u00ff\u00fd\u0001WHY\nWHERE\nWH";
        for (int split = HEADER.length(); split <= HEADER.length() + requests.length(); split += 3) {
            try (LineClient client = LineClient.connect(server, PROXY)) {
                client.send((HEADER + requests).substring(0, split));
                Runnable announce = nextJoined();
                client.send((HEADER + requests).substring(split));
                expectNothing(client);
                announce.run();
                client.expect(GREETING);
                assertThat(client.line()).isEqualTo("\u00ff\u00fc\u000142");
                client.expect(server.member().id().toString());
                client.send("Y\n");
                client.expect("42");
            }
        }
    }

    @Test
    void healthChecksAndRefusedClientsDoNotWait() throws Exception {
        try (SocketzServer small = builder().maxConnections(1).start();
                LineClient first = LineClient.connect(small)) {
            Runnable announce = nextJoined();
            try (LineClient check = LineClient.connect(small, PROXY);
                    LineClient refused = LineClient.connect(small)) {
                check.send("PROXY UNKNOWN\r\nWHY\n");
                check.expect(GREETING, "42");
                assertThat(refused.rest()).isEqualTo("error TOO_MANY_CONNECTIONS max 1\n");
            }
            announce.run();
            first.expect(GREETING);
            assertThat(waiting).isEmpty();
        }
    }

    @Test
    void theTimeForTheFirstByteBeginsWithTheGreeting() throws Exception {
        try (SocketzServer strict =
                        builder().firstByteTimeout(Duration.ofMillis(50)).start();
                LineClient client = LineClient.connect(strict)) {
            Runnable announce = nextJoined();
            try (LineClient later = LineClient.connect(strict)) {
                nextJoined().run();
                later.expect(GREETING);
                assertThat(later.rest()).startsWith("error FIRST_BYTE_TIMEOUT");
            }
            expectNothing(client);
            announce.run();
            client.expect(GREETING);
            assertThat(client.rest()).startsWith("error FIRST_BYTE_TIMEOUT");
        }
    }

    @Test
    void aClientThatIsGoneBeforeItIsAnnouncedDoesNoHarm() throws Exception {
        LineClient closes = LineClient.connect(server);
        Runnable first = nextJoined();
        closes.close();
        LineClient resets = LineClient.connect(server);
        Runnable second = nextJoined();
        resets.reset();
        first.run();
        events.next("closed " + closes.address());
        second.run();
        events.next("closed " + resets.address());
        assertThat(server.connections()).isZero();
        assertThat(server.closed(CloseReason.INTERNAL_ERROR)).isZero();
    }

    @Test
    void aServerThatStopsStillGreetsAndAnswersWhoeverWaits() throws Exception {
        try (LineClient idle = LineClient.connect(server);
                LineClient waits = LineClient.connect(server)) {
            nextJoined().run();
            idle.expect(GREETING);
            Runnable announce = nextJoined();
            waits.send("WHY\n");
            Thread stop = new Thread(server::close);
            stop.start();
            // The end of this connection shows that the loop is stopping.
            assertThat(idle.rest()).isEmpty();
            idle.socket.close();
            announce.run();
            assertThat(waits.rest()).isEqualTo(GREETING + "\n42\n");
            waits.socket.close();
            stop.join(10_000);
            assertThat(stop.isAlive()).isFalse();
        }
    }

    @Test
    void anAnnouncementThatNeverComesDoesNotKeepAServerFromStopping() throws Exception {
        SocketzServer other = builder().drainTimeout(Duration.ofMillis(50)).start();
        try (LineClient client = LineClient.connect(other)) {
            Runnable announce = nextJoined();
            other.close();
            assertThat(client.rest()).isEmpty();
            assertThat(other.closed(CloseReason.SERVER_STOPPING)).isEqualTo(1);
            announce.run();
        }
    }

    @Test
    void aRosterInMemoryAnnouncesAtOnce() throws Exception {
        CompletableFuture<Thread> announcedBy = new CompletableFuture<>();
        try (SocketzServer memory = SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .registry((member, state) -> new ForwardingRegistry(member, state) {
                    @Override
                    public Client join(String address, @Nullable String via, Runnable onAnnounced) {
                        Thread joining = Thread.currentThread();
                        boolean[] returned = {false};
                        Client client = super.join(address, via, () -> {
                            assertThat(returned[0]).isFalse();
                            announcedBy.complete(Thread.currentThread());
                            onAnnounced.run();
                        });
                        returned[0] = true;
                        assertThat(announcedBy).isCompletedWithValue(joining);
                        return client;
                    }
                })
                .start()) {
            LineClient.greeted(memory).close();
            assertThat(announcedBy).isCompleted();
        }
    }
}
