package io.socketz.server;

import static io.socketz.server.LineClient.GREETING;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.CloseReason;
import io.socketz.state.FreshRoster;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code WHO FRESH} over real sockets, with a registry that answers when the test says so. */
class WhoFreshTest {
    private static final String INVALID = "invalid command: " + GREETING;

    private final Events events = new Events();
    private final CompletableFuture<LateRegistry> made = new CompletableFuture<>();
    private SocketzServer server;
    private LateRegistry registry;

    @BeforeEach
    void start() throws Exception {
        server = builder()
                .drainTimeout(Duration.ofSeconds(20))
                .registry((member, state) -> {
                    made.complete(new LateRegistry(member, state));
                    return made.join();
                })
                .start();
        registry = made.join();
    }

    /** Without audits, which would take clients of the registry that have no connection off the roster. */
    private SocketzServer.Builder builder() {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .loops(1)
                .auditInterval(Duration.ZERO)
                .listener(events);
    }

    @AfterEach
    void stop() {
        registry.failAll();
        server.close();
    }

    @Test
    void theReplyHasThreeLinesAndIsAlwaysFreshForARosterInMemory() throws Exception {
        try (SocketzServer alone = builder().start();
                LineClient first = LineClient.greeted(alone)) {
            String mine = "'" + first.address() + "'";
            first.send("WHO FRESH\nwho fresh\r\n \tWho \t fREsh\t\nWHY\n");
            for (int i = 0; i < 3; i++) {
                first.expect("client list: {" + mine + "}", "connected clients: 1", "fresh at revision 1");
            }
            first.expect("42");
            try (LineClient second = LineClient.greeted(alone)) {
                first.send("WHO FRESH\n");
                first.expect(
                        "client list: {" + mine + ", '" + second.address() + "'}",
                        "connected clients: 2",
                        "fresh at revision 2");
            }
        }
    }

    @Test
    void otherWordsAreInvalid() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            for (String line : new String[] {"WHO x", "WHO FRESH x", "WHO FRESHER", "FRESH", "WHY FRESH"}) {
                assertThat(client.ask(line)).as(line).isEqualTo(INVALID);
            }
        }
    }

    @Test
    void aLateReplyKeepsItsPlaceInThePipeline() throws Exception {
        try (LineClient client = LineClient.greeted(server);
                LineClient bystander = LineClient.greeted(server)) {
            String[] who = {
                "client list: {'" + client.address() + "', '" + bystander.address() + "'}", "connected clients: 2"
            };
            client.send("WHY\nWHO\nWHO FRESH\nWHY\nWHO FRESH\nWHO\nnonsense\nQUIT\n");
            client.expect("42");
            client.expect(who);
            CompletableFuture<FreshRoster> first = registry.nextAsked();
            // The bystander is on the same loop and does not have to wait.
            assertThat(bystander.ask("WHY")).isEqualTo("42");
            bystander.send("WHO\n");
            bystander.expect(who);
            // The second WHO FRESH is not handled before the first is answered.
            assertThat(registry.asked).isEmpty();

            registry.answer(first, 1842, true, Duration.ZERO);
            client.expect(who);
            client.expect("fresh at revision 1842", "42");
            registry.answer(registry.nextAsked(), 1843, false, Duration.ofNanos(12_200_000_001L));
            client.expect(who);
            client.expect("stale by 12.3 s at revision 1843");
            client.expect(who);
            client.expect(INVALID);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aClientThatHalfClosesGetsItsReply() throws Exception {
        try (LineClient client = LineClient.greeted(server)) {
            client.send("WHO FRESH\nWHY\n");
            client.socket.shutdownOutput();
            registry.answer(registry.nextAsked(), 0, true, Duration.ZERO);
            client.expect("client list: {'" + client.address() + "'}", "connected clients: 1", "fresh at revision 0");
            assertThat(client.rest()).isEqualTo("42\n");
        }
        events.next("closed");
        assertThat(server.closed(CloseReason.CLIENT_CLOSED)).isEqualTo(1);
    }

    @Test
    void theWaitForAReplyDoesNotCountAsIdleTime() throws Exception {
        CompletableFuture<LateRegistry> late = new CompletableFuture<>();
        try (SocketzServer other = builder()
                        .idleTimeout(Duration.ofMillis(50))
                        .registry((member, state) -> {
                            late.complete(new LateRegistry(member, state));
                            return late.join();
                        })
                        .start();
                LineClient waits = LineClient.greeted(other);
                LineClient idles = LineClient.greeted(other)) {
            waits.send("WHO FRESH\n");
            CompletableFuture<FreshRoster> asked = late.join().nextAsked();
            // The other client sent something later, and yet its idle time is over first.
            assertThat(idles.ask("WHY")).isEqualTo("42");
            assertThat(idles.rest()).startsWith("error IDLE_TIMEOUT");
            late.join().answer(asked, 1842, true, Duration.ZERO);
            assertThat(waits.line()).startsWith("client list: {'" + waits.address() + "'");
            assertThat(waits.line()).startsWith("connected clients: ");
            assertThat(waits.line()).isEqualTo("fresh at revision 1842");
            assertThat(waits.rest()).startsWith("error IDLE_TIMEOUT");
        }
    }

    @Test
    void aReplyToAClientThatHasLeftIsDiscarded() throws Exception {
        try (LineClient stays = LineClient.greeted(server)) {
            LineClient closes = LineClient.greeted(server);
            LineClient resets = LineClient.greeted(server);
            closes.send("WHO FRESH\n");
            CompletableFuture<FreshRoster> first = registry.nextAsked();
            resets.send("WHO FRESH\n");
            CompletableFuture<FreshRoster> second = registry.nextAsked();
            closes.close();
            resets.reset();
            registry.answer(first, 1, true, Duration.ZERO);
            events.next("closed " + closes.address());
            registry.answer(second, 1, true, Duration.ZERO);
            events.next("closed " + resets.address() + " CONNECTION_RESET");
            assertThat(stays.ask("WHO")).isEqualTo("client list: {'" + stays.address() + "'}");
            stays.expect("connected clients: 1");
            assertThat(server.connections()).isEqualTo(1);
            assertThat(server.closed(CloseReason.INTERNAL_ERROR)).isZero();
        }
    }

    @Test
    void aClosedRegistryEndsTheClientsThatAskWithWhoOrWhoFresh() throws Exception {
        try (LineClient bystander = LineClient.greeted(server);
                LineClient waits = LineClient.greeted(server);
                LineClient comesLate = LineClient.greeted(server)) {
            waits.send("WHY\nWHO FRESH\nWHY\n");
            CompletableFuture<FreshRoster> asked = registry.nextAsked();
            registry.close();
            asked.completeExceptionally(new IllegalStateException("the registry is closed"));
            assertThat(waits.rest()).isEqualTo("42\n");
            comesLate.send("WHY\nWHO\nWHY\n");
            assertThat(comesLate.rest()).isEqualTo("42\n");
            assertThat(bystander.ask("WHY")).isEqualTo("42");
            assertThat(server.closed(CloseReason.INTERNAL_ERROR)).isEqualTo(2);
        }
    }

    @Test
    void aStoppingServerStillSendsTheReply() throws Exception {
        try (LineClient waits = LineClient.greeted(server);
                LineClient idle = LineClient.greeted(server)) {
            waits.send("WHO FRESH\nWHY\n");
            CompletableFuture<FreshRoster> asked = registry.nextAsked();
            Thread stop = new Thread(server::close);
            stop.start();
            // The end of this connection shows that the loop is stopping.
            assertThat(idle.rest()).isEmpty();
            idle.socket.close();
            registry.answer(asked, 7, true, Duration.ZERO);
            assertThat(waits.line()).startsWith("client list: {'" + waits.address() + "'");
            assertThat(waits.line()).startsWith("connected clients: ");
            assertThat(waits.rest()).isEqualTo("fresh at revision 7\n42\n");
            waits.socket.close();
            stop.join(10_000);
            assertThat(stop.isAlive()).isFalse();
            assertThat(server.closed(CloseReason.SERVER_STOPPING)).isEqualTo(2);
        }
    }

    @Test
    void aReplyThatNeverComesDoesNotKeepAServerFromStopping() throws Exception {
        CompletableFuture<FreshRoster> never = new CompletableFuture<>();
        CompletableFuture<Boolean> asked = new CompletableFuture<>();
        SocketzServer other = builder()
                .drainTimeout(Duration.ofMillis(50))
                .registry((member, state) -> new ForwardingRegistry(member, state) {
                    @Override
                    public CompletableFuture<FreshRoster> freshRoster() {
                        asked.complete(true);
                        return never;
                    }
                })
                .start();
        try (LineClient client = LineClient.greeted(other)) {
            client.send("WHO FRESH\n");
            asked.get(10, TimeUnit.SECONDS);
            other.close();
            assertThat(client.rest()).isEmpty();
            assertThat(other.connections()).isZero();
            assertThat(other.closed(CloseReason.SERVER_STOPPING)).isEqualTo(1);
        }
        // An answer for a client that is gone does no harm.
        assertThat(never.complete(new FreshRoster(Roster.of(0, List.of()), true, Duration.ZERO)))
                .isTrue();
    }

    /** A list of 7 MB is more than the kernel takes at once, so the third line has to wait. */
    @Test
    void theThirdLineFollowsAListThatTheKernelTakesInParts() throws Exception {
        int strangers = 300_000;
        try (LineClient client = LineClient.connect(server, "127.0.0.1", 4096)) {
            client.expect(GREETING);
            StringBuilder list = new StringBuilder("client list: {'" + client.address() + "'");
            for (int i = 1; i <= strangers; i++) {
                registry.join("[2001:db8::1]:" + i, null);
                list.append(", '[2001:db8::1]:").append(i).append("'");
            }
            String[] who = {list + "}", "connected clients: " + (strangers + 1)};
            client.send("WHO FRESH\nWHO FRESH\nWHY\n");
            registry.answer(registry.nextAsked(), 1, true, Duration.ZERO);
            client.expect(who);
            client.expect("fresh at revision 1");
            registry.answer(registry.nextAsked(), 2, false, Duration.ZERO);
            client.expect(who);
            client.expect("stale by 0.0 s at revision 2", "42");
        }
    }

    @Test
    void onlyTheClientThatExceedsTheMemoryLimitIsClosed() throws Exception {
        CompletableFuture<ForwardingRegistry> small = new CompletableFuture<>();
        try (SocketzServer other = builder()
                        .maxOutbound(50_000)
                        .registry((member, state) -> {
                            small.complete(new ForwardingRegistry(member, state));
                            return small.join();
                        })
                        .start();
                LineClient bystander = LineClient.greeted(other);
                LineClient client = LineClient.connect(other, "127.0.0.1", 4096)) {
            for (int i = 1; i <= 10_000; i++) {
                small.join().join("10.0.0.1:" + i, null);
            }
            // More replies than the kernel buffers for a client that does not read.
            client.send("WHO FRESH\n".repeat(100));
            assertThat(events.next("closed"))
                    .isEqualTo(
                            "closed " + client.address() + " MEMORY_LIMIT more than 50000 bytes are held for clients");
            assertThat(bystander.ask("WHY")).isEqualTo("42");
        }
    }

    /** Completes requests for a fresh roster only when the test says so. */
    private static final class LateRegistry extends ForwardingRegistry {
        final BlockingQueue<CompletableFuture<FreshRoster>> asked = new LinkedBlockingQueue<>();
        private final StateThread state;

        LateRegistry(Member self, StateThread state) {
            super(self, state);
            this.state = state;
        }

        @Override
        public CompletableFuture<FreshRoster> freshRoster() {
            CompletableFuture<FreshRoster> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        }

        CompletableFuture<FreshRoster> nextAsked() throws InterruptedException {
            CompletableFuture<FreshRoster> next = asked.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("no request for a fresh roster");
            }
            return next;
        }

        /** Answers on the state thread with all clients, as if they came from a store at {@code revision}. */
        void answer(CompletableFuture<FreshRoster> asked, long revision, boolean fresh, Duration age) {
            var unused = roster().thenAcceptAsync(
                            now -> {
                                Roster replica =
                                        Roster.replica(now.version(), revision, now.clients(), System.nanoTime());
                                asked.complete(new FreshRoster(replica, fresh, age));
                            },
                            state);
        }

        void failAll() {
            for (CompletableFuture<FreshRoster> each : asked) {
                each.completeExceptionally(new IllegalStateException("the test is over"));
            }
        }
    }
}
