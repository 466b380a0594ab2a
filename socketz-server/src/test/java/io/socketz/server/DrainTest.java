package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.server.event.CloseReason;
import io.socketz.state.Member;
import io.socketz.state.StateThread;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a server with an agent port closes. */
@Timeout(60)
class DrainTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final Events events = new Events();

    private SocketzServer.Builder builder() {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .agentPort(0)
                .loops(2)
                .listener(events);
    }

    private static Thread close(SocketzServer server) {
        Thread closing = new Thread(server::close);
        closing.start();
        return closing;
    }

    @Test
    void aServerAcceptsAndServesClientsWhileTheAgentSaysDrain() throws Exception {
        SocketzServer server = builder().drainTimeout(LONG).drainNotice(LONG).start();
        assertThat(AgentClient.ask(server)).isEqualTo("up 100%\n");
        try (LineClient before = LineClient.greeted(server)) {
            Thread closing = close(server);
            AgentClient.awaitDrain(server);
            try (LineClient late = LineClient.greeted(server)) {
                assertThat(late.ask("WHO"))
                        .isEqualTo("client list: {'" + before.address() + "', '" + late.address() + "'}");
                assertThat(before.ask("WHY")).isEqualTo("42");
                // Interrupting the thread that closes ends the notice and the drain at once.
                closing.interrupt();
                closing.join();
            }
            assertThat(server.connections()).isZero();
            assertThatThrownBy(() -> AgentClient.ask(server)).isInstanceOf(ConnectException.class);
        }
    }

    /** Otherwise health checks would fail, and HAProxy would cut the clients whose turn has not come yet. */
    @Test
    void aServerWhoseAgentIsAskedAcceptsUntilItsLastClientIsGone() throws Exception {
        SocketzServer server = builder()
                .drainTimeout(Duration.ofDays(4_000))
                .drainNotice(Duration.ZERO)
                .start();
        AgentClient.ask(server);
        try (LineClient before = LineClient.greeted(server)) {
            Thread closing = close(server);
            // Without a notice, closing begins at once, but within 4,000 days no client's turn comes this early.
            AgentClient.awaitDrain(server);
            try (LineClient late = LineClient.greeted(server)) {
                assertThat(late.ask("WHY")).isEqualTo("42");
                before.socket.close();
                events.next("closed " + before.address());
                assertThat(late.ask("WHY")).isEqualTo("42");
                try (LineClient later = LineClient.greeted(server)) {
                    assertThat(later.ask("WHY")).isEqualTo("42");
                }
            }
            closing.join();
            assertThatThrownBy(() -> LineClient.connect(server)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void clientsThatKeepReconnectingAreClosedWhenTheTimeIsUp() throws Exception {
        SocketzServer server = builder()
                .drainTimeout(Duration.ofSeconds(2))
                .drainNotice(Duration.ZERO)
                .start();
        AgentClient.ask(server);
        try (LineClient before = LineClient.greeted(server)) {
            Thread closing = close(server);
            assertThat(before.rest()).isEmpty();
            int sessions = sessionsUntilRefused(server);
            closing.join();
            assertThat(sessions).isPositive();
            assertThat(server.closed(CloseReason.SERVER_DRAINING)).isEqualTo(1 + sessions);
        }
    }

    /** Each session is greeted and closed. As with any server, one that connects while the port closes may be reset. */
    private static int sessionsUntilRefused(SocketzServer server) throws IOException {
        int sessions = 0;
        try {
            while (true) {
                try (LineClient client = LineClient.connect(server)) {
                    assertThat(client.rest()).isEqualTo(LineClient.GREETING + "\n");
                    sessions++;
                }
            }
        } catch (SocketException e) {
            return sessions;
        }
    }

    @Test
    void aServerWhoseAgentIsNotAskedStopsAcceptingAtOnce() throws Exception {
        SocketzServer server = builder().drainTimeout(Duration.ofDays(4_000)).start();
        try (LineClient before = LineClient.greeted(server)) {
            Thread closing = close(server);
            awaitRefusal(server);
            assertThat(before.ask("WHY")).isEqualTo("42");
            before.socket.close();
            closing.join();
        }
    }

    /** As with any server, a connection that is made while the port closes may be reset. */
    private static void awaitRefusal(SocketzServer server) throws IOException {
        long limit = System.nanoTime() + 10_000_000_000L;
        while (System.nanoTime() - limit < 0) {
            try {
                LineClient.connect(server).close();
            } catch (ConnectException e) {
                return;
            } catch (SocketException e) {
                // Reset: the next one may be refused.
            }
        }
        throw new AssertionError("the port still accepts connections after 10 s");
    }

    @Test
    void everyIdleClientIsClosedAfterTheNotice() throws Exception {
        try (SocketzServer server =
                builder().drainTimeout(Duration.ofSeconds(3)).drainNotice(SHORT).start()) {
            AgentClient.ask(server);
            List<LineClient> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                clients.add(LineClient.greeted(server));
            }
            Thread closing = close(server);
            for (LineClient client : clients) {
                assertThat(client.rest()).isEmpty();
                client.close();
            }
            closing.join();
            assertThat(server.closed(CloseReason.SERVER_DRAINING)).isEqualTo(20);
            assertThatThrownBy(() -> LineClient.connect(server)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void theAgentStillSaysDrainWhileTheServerLeavesTheRegistry() throws Exception {
        CountDownLatch leaving = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        class Slow extends ForwardingRegistry {
            Slow(Member self, StateThread state) {
                super(self, state);
            }

            @Override
            public void close() {
                leaving.countDown();
                try {
                    left.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                super.close();
            }
        }
        SocketzServer server = builder()
                .registry(Slow::new)
                .drainTimeout(Duration.ofDays(4_000))
                .drainNotice(Duration.ZERO)
                .start();
        try (LineClient client = LineClient.greeted(server)) {
            Thread closing = close(server);
            // The client leaves by itself, years before its turn.
            AgentClient.awaitDrain(server);
            client.socket.close();
            assertThat(leaving.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(server.connections()).isZero();
            assertThat(AgentClient.ask(server)).isEqualTo(AgentClient.DRAINING);
            assertThatThrownBy(() -> LineClient.connect(server)).isInstanceOf(ConnectException.class);
            left.countDown();
            closing.join();
            assertThatThrownBy(() -> AgentClient.ask(server)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aServerWithoutClientsWhoseAgentIsNotAskedClosesAtOnce() throws Exception {
        builder().drainTimeout(LONG).drainNotice(LONG).start().close();
    }

    @Test
    void aServerWithoutClientsClosesAfterTheNotice() throws Exception {
        SocketzServer server = builder().drainTimeout(LONG).drainNotice(SHORT).start();
        AgentClient.ask(server);
        server.close();
        assertThat(server.connections()).isZero();
    }

    @Test
    void aServerWithoutDrainTimeClosesAtOnce() throws Exception {
        SocketzServer server =
                builder().drainTimeout(Duration.ZERO).drainNotice(LONG).start();
        AgentClient.ask(server);
        try (LineClient client = LineClient.greeted(server)) {
            server.close();
            assertThat(server.connections()).isZero();
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aClientThatReadsNothingIsCutWhenTheTimeIsUp() throws Exception {
        SocketzServer server = builder().drainTimeout(Duration.ofMillis(300)).start();
        try (LineClient slow = LineClient.connect(server, "127.0.0.1", 4096)) {
            slow.expect(LineClient.GREETING);
            Thread sender = new Thread(() -> {
                try {
                    slow.send("WHERE\n".repeat(2_000_000));
                } catch (Exception e) {
                    // Expected: the server cuts the connection.
                }
            });
            sender.start();
            assertThat(slow.line()).isEqualTo(server.member().id().toString());
            server.close();
            sender.join();
            assertThat(server.connections()).isZero();
        }
    }
}
