package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.SocketzException.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a client ends, and what its listener may do. */
@Timeout(60)
class ClosingTest {
    private ScriptedServer server;

    @BeforeEach
    void start() throws Exception {
        server = ScriptedServer.start(peer -> {
            peer.welcome();
            peer.idle();
        });
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        assertThat(Threads.ofClients()).isEmpty();
    }

    private SocketzClient.Builder builder() {
        return SocketzClient.builder().addresses(server.address()).requestTimeout(Duration.ofSeconds(20));
    }

    @Test
    void failsPendingRequestsAndLeavesNoThread() throws Exception {
        RecordingListener events = new RecordingListener();
        SocketzClient client = builder().listener(events).connect();
        var why = client.why();
        server.nextLine();
        client.close();
        assertThat(Threads.ofClients()).isEmpty();
        assertThat(Failures.expect(why, Reason.CLOSED)).hasMessage("the client is closed");
        Failures.expect(client.who(), Reason.CLOSED);
        assertThat(client.server()).isEmpty();
        assertThat(client.pending()).isZero();
        client.close();
        events.next("connected");
        assertThat(events.next()).endsWith("CLOSED: the client is closed");
    }

    @Test
    void mayBeClosedInACallback() throws Exception {
        SocketzClient client = builder().connect();
        CompletableFuture<Thread> closed = new CompletableFuture<>();
        // The first request fails on the client's thread when its time is up.
        SocketzClient impatient =
                builder().requestTimeout(Duration.ofMillis(50)).connect();
        var unused = impatient.why().whenComplete((answer, e) -> {
            impatient.close();
            client.close();
            closed.complete(Thread.currentThread());
        });
        Thread thread = closed.get(20, TimeUnit.SECONDS);
        thread.join();
        Failures.expect(client.why(), Reason.CLOSED);
        Failures.expect(impatient.why(), Reason.CLOSED);
    }

    @Test
    void mayBeClosedByItsListener() throws Exception {
        CompletableFuture<SocketzClient> made = new CompletableFuture<>();
        CompletableFuture<Thread> told = new CompletableFuture<>();
        SocketzClient client = builder()
                .requestTimeout(Duration.ofMillis(50))
                .listener(new ClientListener() {
                    @Override
                    public void onDisconnected(Server server, SocketzException why) {
                        made.join().close();
                        told.complete(Thread.currentThread());
                    }
                })
                .connect();
        made.complete(client);
        Failures.expect(client.why(), Reason.REQUEST_TIMEOUT);
        told.get(20, TimeUnit.SECONDS).join();
        Failures.expect(client.why(), Reason.CLOSED);
    }

    @Test
    void aListenerThatThrowsDoesNoHarm() throws Exception {
        RecordingListener events = new RecordingListener();
        ClientListener bad = new ClientListener() {
            @Override
            public void onConnected(Server now, Optional<Server> before) {
                throw new IllegalStateException("not today");
            }

            @Override
            public void onWarning(String message) {
                events.onWarning(message);
                throw new IllegalStateException("nor tomorrow");
            }
        };
        try (SocketzClient client = builder().listener(bad).connect()) {
            assertThat(events.next())
                    .isEqualTo("warning the listener failed: java.lang.IllegalStateException: not today");
            var unused = client.send("one");
            assertThat(server.nextLine()).isEqualTo("one");
        }
    }

    @Test
    void aCallbackThatLeavesAnInterruptDoesNoHarm() throws Exception {
        ClientListener interrupting = new ClientListener() {
            @Override
            public void onConnected(Server now, Optional<Server> before) {
                Thread.currentThread().interrupt();
            }
        };
        try (SocketzClient client = builder().listener(interrupting).connect()) {
            var unused = client.send("one");
            assertThat(server.nextLine()).isEqualTo("one");
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void quittingASilentServerEndsInTime() throws Exception {
        SocketzClient client = builder().requestTimeout(Duration.ofMillis(50)).connect();
        Failures.expect(client.quit(), Reason.REQUEST_TIMEOUT);
        Failures.expect(client.why(), Reason.CLOSED);
        client.close();
    }

    @Test
    void anInterruptedThreadDoesNotConnect() {
        Thread.currentThread().interrupt();
        SocketzException e = org.assertj.core.api.Assertions.catchThrowableOfType(
                SocketzException.class, () -> builder().connect());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(e.reason()).isEqualTo(Reason.CLOSED);
    }
}
