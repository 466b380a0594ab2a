package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.SocketzException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The state and the counters of a client, at moments that the test knows. */
@Timeout(60)
class ClientStatisticsTest {
    private final RecordingListener events = new RecordingListener();

    /** Closed after the test, unless it has done that itself. */
    private final List<SocketzClient> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(SocketzClient::close);
    }

    private SocketzClient connect(SocketzClient.Builder builder) throws Exception {
        SocketzClient client = builder.connect();
        clients.add(client);
        return client;
    }

    private SocketzClient.Builder builder(ScriptedServer server) {
        return SocketzClient.builder()
                .addresses(server.address())
                .backoff(Duration.ofMillis(1), Duration.ofMillis(20))
                .requestTimeout(Duration.ofSeconds(20))
                .listener(events);
    }

    @Test
    void countWhatWasSentAndAnsweredAndFailed() throws Exception {
        String handshake = ScriptedServer.GREETING + ScriptedServer.ID;
        try (ScriptedServer server = ScriptedServer.start(peer -> {
            peer.welcome();
            peer.line();
            peer.send("42\n");
            peer.line();
            peer.send("error NOT_NOW x\n");
            peer.idle();
        })) {
            SocketzClient client = connect(builder(server).maxPending(1));
            assertThat(client.statistics())
                    .isEqualTo(new ClientStatistics(1, 0, 0, 0, 0, handshake.length(), "WHERE\n".length()));
            assertThat(client.why().get()).isEqualTo(42);
            Failures.expect(client.why(), Reason.SERVER_ERROR);
            CompletableFuture<Integer> waiting = client.why();
            Failures.expect(client.why(), Reason.TOO_MANY_PENDING);
            for (int i = 0; i < 3; i++) {
                assertThat(server.nextLine()).isEqualTo("WHY");
            }
            ClientStatistics now = client.statistics();
            assertThat(List.of(now.sent(), now.answered(), now.failed())).containsExactly(3L, 2L, 1L);
            assertThat(now.pending()).isEqualTo(1);
            int received = handshake.length() + "42\nerror NOT_NOW x\n".length();
            int sent = "WHERE\nWHY\nWHY\nWHY\n".length();
            client.close();
            Failures.expect(waiting, Reason.CLOSED);
            Failures.expect(client.why(), Reason.CLOSED);
            assertThat(client.statistics()).isEqualTo(new ClientStatistics(1, 3, 2, 3, 0, received, sent));
        }
    }

    @Test
    void theStateFollowsTheConnection() throws Exception {
        CompletableFuture<Void> found = new CompletableFuture<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.start(
                peer -> {
                    peer.welcome();
                    end.join();
                },
                peer -> {
                    found.join();
                    peer.welcome();
                    peer.idle();
                })) {
            SocketzClient client = connect(builder(server));
            assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
            end.complete(null);
            events.next("disconnected");
            assertThat(client.state()).isEqualTo(ClientState.RECONNECTING);
            found.complete(null);
            events.next("connected");
            assertThat(client.state()).isEqualTo(ClientState.CONNECTED);
            assertThat(client.statistics().connects()).isEqualTo(2);
            client.close();
            assertThat(client.state()).isEqualTo(ClientState.CLOSED);
        }
    }

    @Test
    void aClientThatDoesNotReconnectIsClosedByTheLoss() throws Exception {
        CompletableFuture<Void> end = new CompletableFuture<>();
        try (ScriptedServer server = ScriptedServer.start(peer -> {
            peer.welcome();
            peer.line();
            end.join();
        })) {
            SocketzClient client = connect(builder(server).reconnect(false));
            CompletableFuture<Integer> lost = client.why();
            assertThat(server.nextLine()).isEqualTo("WHY");
            end.complete(null);
            Failures.expect(lost, Reason.CONNECTION_LOST);
            assertThat(client.state()).isEqualTo(ClientState.CLOSED);
            assertThat(client.statistics().failed()).isEqualTo(1);
        }
    }

    @Test
    void quitIsAnsweredByTheEnd() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
            peer.welcome();
            peer.line();
        })) {
            SocketzClient client = connect(builder(server));
            client.quit().get(20, TimeUnit.SECONDS);
            client.close();
            ClientStatistics last = client.statistics();
            assertThat(List.of(last.sent(), last.answered(), last.failed())).containsExactly(1L, 1L, 0L);
            assertThat(client.state()).isEqualTo(ClientState.CLOSED);
        }
    }
}
