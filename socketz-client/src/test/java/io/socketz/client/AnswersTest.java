package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.reply.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which caller gets which answer, when, and on which thread. */
@Timeout(60)
class AnswersTest {
    private final RecordingListener events = new RecordingListener();

    private SocketzClient.Builder builder(ScriptedServer server) {
        return SocketzClient.builder()
                .addresses(server.address())
                .requestTimeout(Duration.ofSeconds(20))
                .listener(events);
    }

    private static ScriptedServer echo() throws IOException {
        return ScriptedServer.start(peer -> {
            peer.welcome();
            peer.echo();
        });
    }

    @Test
    void everyThreadGetsTheAnswersToItsOwnRequests() throws Exception {
        int perThread = 1000;
        try (ScriptedServer server = echo();
                SocketzClient client = builder(server).connect()) {
            List<Thread> threads = new ArrayList<>();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            for (int i = 0; i < 8; i++) {
                String name = "t" + i + "-";
                Thread thread = new Thread(() -> {
                    try {
                        List<CompletableFuture<List<Reply>>> answers = new ArrayList<>();
                        for (int j = 0; j < perThread; j++) {
                            answers.add(client.send(name + j));
                        }
                        for (int j = 0; j < perThread; j++) {
                            assertThat(answers.get(j).get(20, TimeUnit.SECONDS))
                                    .containsExactly(new Reply.Failure("ECHO", name + j));
                        }
                    } catch (Exception | AssertionError e) {
                        failure.set(e);
                    }
                });
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failure.get()).isNull();
            assertThat(server.lines).hasSize(8 * perThread);
            assertThat(client.pending()).isZero();
        }
    }

    @Test
    void anAnswerMayComeByteByByte() throws Exception {
        String answer =
                "client list: {'127.0.0.1:1', '[2001:db8::1]:2'}\nconnected clients: 2\nstale by 12.3 s at revision 7\n";
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    peer.sendByByte(answer);
                    peer.echo();
                });
                SocketzClient client = builder(server).connect()) {
            Clients clients = client.whoFresh().get();
            assertThat(clients.addresses()).containsExactly("127.0.0.1:1", "[2001:db8::1]:2");
            assertThat(clients.freshness()).contains(new Reply.Stale(Duration.ofMillis(12_300), 7));
        }
    }

    @Test
    void aRefusalIsAnExceptionOrAReply() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    for (int i = 0; i < 2; i++) {
                        peer.line();
                        peer.send("invalid command: use 'WHO'\n");
                    }
                    peer.echo();
                });
                SocketzClient client = builder(server).connect()) {
            // An older server answers one line where a newer one answers three.
            Failures.expect(client.whoFresh(), Reason.INVALID_COMMAND);
            assertThat(client.send("WHO FRESH").get()).containsExactly(new Reply.InvalidCommand("use 'WHO'"));
            SocketzException e = Failures.expect(client.who(), Reason.SERVER_ERROR);
            assertThat(e).hasMessage("ECHO WHO");
            assertThat(e.code()).isEqualTo("ECHO");
            assertThatThrownBy(() -> client.send("WHY\nWHO")).hasMessage("more than one line");
            assertThatThrownBy(() -> client.send("WHY\r")).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aLateAnswerIsDroppedAndTheNextOneFindsItsRequest() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    peer.send("error ECHO ");
                    // Slow, but not silent.
                    while (!late.await(5, TimeUnit.MILLISECONDS)) {
                        peer.send("x");
                    }
                    peer.send("\n");
                    peer.echo();
                });
                SocketzClient client =
                        builder(server).requestTimeout(Duration.ofSeconds(1)).connect()) {
            Failures.expect(client.send("first"), Reason.REQUEST_TIMEOUT);
            assertThat(client.pending()).isEqualTo(1);
            late.countDown();
            assertThat(client.send("second").get()).containsExactly(new Reply.Failure("ECHO", "second"));
            assertThat(client.pending()).isZero();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void moreRequestsThanThereIsRoomForFailAtOnce() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    answer.await();
                    peer.echo();
                });
                SocketzClient client = builder(server).maxPending(100).connect()) {
            List<CompletableFuture<List<Reply>>> answers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                answers.add(client.send("x" + i));
            }
            assertThat(Failures.expect(client.who(), Reason.TOO_MANY_PENDING))
                    .hasMessage("more than 100 requests, or 1048576 bytes of them, are waiting");
            answer.countDown();
            for (CompletableFuture<List<Reply>> each : answers) {
                assertThat(each.get(20, TimeUnit.SECONDS)).hasSize(1);
            }
            // There is room again; WHO was never sent.
            assertThat(client.send("more").get()).hasSize(1);
            assertThat(server.lines).hasSize(101).doesNotContain("WHO");
        }
    }

    @Test
    void aServerThatNeverReadsCostsABoundedAmountOfMemory() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.ignore();
                });
                SocketzClient client = builder(server).connect()) {
            String line = "x".repeat(100_000);
            CompletableFuture<List<Reply>> last = client.send(line);
            int taken = 0;
            // The kernel takes some; then the client holds a MiB, and no more.
            while (!last.isCompletedExceptionally()) {
                last = client.send(line);
                taken++;
                assertThat(taken).as("requests of 100 kB").isLessThan(1000);
            }
            Failures.expect(last, Reason.TOO_MANY_PENDING);
            Failures.expect(client.send("x".repeat(2 << 20)), Reason.TOO_MANY_PENDING);
        }
    }

    @Test
    void aCallbackMustNotWaitForItsOwnClient() throws Exception {
        CountDownLatch chained = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.start(peer -> {
                    peer.welcome();
                    peer.line();
                    chained.await();
                    peer.send("42\n");
                    peer.echo();
                });
                SocketzClient client = builder(server).connect()) {
            CompletableFuture<List<Reply>> waited = client.send("one")
                    .thenApply(replies ->
                            client.send("two").thenApply(same -> same).join());
            CompletableFuture<List<Reply>> composed = client.send("three").thenCompose(replies -> client.send("four"));
            chained.countDown();
            assertThatThrownBy(() -> waited.get(20, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage(
                            "a callback on the client's thread cannot wait for the client: chain it, or use thenApplyAsync");
            assertThat(composed.get(20, TimeUnit.SECONDS)).containsExactly(new Reply.Failure("ECHO", "four"));
        }
    }
}
