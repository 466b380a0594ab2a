package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.AuditResult;
import io.socketz.state.AuditResult.Difference;
import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.StateThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server compares its connections with its part of the roster, over real sockets. */
class AuditTest {
    private static final String TOKEN = "token";

    @TempDir
    Path folder;

    private final Events events = new Events();
    private @Nullable SocketzServer server;
    private @Nullable KnownRegistry registry;

    /** The test can change the roster behind the server's back. */
    private static class KnownRegistry extends ForwardingRegistry {
        KnownRegistry(Member self, StateThread state) {
            super(self, state);
        }
    }

    /** Its store does not answer, or not as it should. */
    private static final class StoredRegistry extends KnownRegistry {
        private final Optional<AuditResult> result;

        StoredRegistry(Member self, StateThread state, Optional<AuditResult> result) {
            super(self, state);
            this.result = result;
        }

        @Override
        public CompletableFuture<Optional<AuditResult>> audit() {
            return CompletableFuture.completedFuture(result);
        }
    }

    private SocketzServer.Builder builder() throws Exception {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .name("server01")
                .adminTokens(Files.writeString(folder.resolve("tokens"), AuthTest.hash(TOKEN)))
                .listener(events)
                .registry((self, state) -> {
                    registry = new KnownRegistry(self, state);
                    return registry;
                });
    }

    private SocketzServer start(SocketzServer.Builder builder) throws Exception {
        SocketzServer started = builder.start();
        server = started;
        return started;
    }

    private SocketzServer startWith(Optional<AuditResult> result) throws Exception {
        return start(builder().registry((self, state) -> new StoredRegistry(self, state, result)));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static LineClient admin(SocketzServer server) throws Exception {
        LineClient admin = LineClient.greeted(server);
        assertThat(admin.ask("AUTH " + TOKEN)).isEqualTo("authorized");
        return admin;
    }

    private Registry registry() {
        if (registry == null) {
            throw new AssertionError("not started");
        }
        return registry;
    }

    @Test
    void nothingDiffersAtFirst() throws Exception {
        SocketzServer started = start(builder());
        try (LineClient admin = admin(started);
                LineClient other = LineClient.greeted(started)) {
            assertThat(admin.ask("audit"))
                    .matches("missing=0 ghosts=0 repaired=0 pending=0 clients=2 revision=[0-9]+ server=server01");
            assertThat(admin.ask("AUDIT now")).startsWith("error BAD_ARGUMENT expected ");
            assertThat(other.ask("AUDIT")).isEqualTo("error NOT_AUTHORIZED expected AUTH first");
            assertThat(other.ask("HELP AUDIT")).isEqualTo("1 commands");
            assertThat(other.line()).startsWith("AUDIT - ").endsWith(" (after AUTH)");
        }
    }

    @Test
    void whoeverIsOnTheRosterWithoutAConnectionIsRemoved() throws Exception {
        SocketzServer started = start(builder());
        try (LineClient admin = admin(started)) {
            registry().join("192.0.2.9:1", null);
            registry().join("192.0.2.9:2", null);
            assertThat(admin.ask("WHO COUNT")).isEqualTo("connected clients: 3");
            assertThat(admin.ask("AUDIT")).startsWith("missing=0 ghosts=0 repaired=2 pending=0 clients=1 revision=");
            assertThat(admin.ask("WHO COUNT")).isEqualTo("connected clients: 1");
            assertThat(admin.ask("AUDIT")).startsWith("missing=0 ghosts=0 repaired=2 pending=0 clients=1 revision=");
        }
    }

    @Test
    void whoeverIsConnectedAndNotOnTheRosterJoinsAgainUnderANewNumber() throws Exception {
        SocketzServer started = start(builder());
        try (LineClient admin = admin(started);
                LineClient lost = LineClient.greeted(started)) {
            assertThat(lost.ask("NAME web-7"))
                    .startsWith("id=" + started.member().id() + "/2 ");
            Client client = registry().roster().join().clients().get(1);
            registry().leave(client, "HARM");
            assertThat(admin.ask("WHO COUNT")).isEqualTo("connected clients: 1");
            assertThat(admin.ask("AUDIT")).startsWith("missing=0 ghosts=0 repaired=1 pending=0 clients=");
            assertThat(lost.ask("WHOAMI"))
                    .startsWith("id=" + started.member().id() + "/3 addr=" + lost.address())
                    .endsWith(" name=web-7");
            assertThat(admin.ask("WHO COUNT")).isEqualTo("connected clients: 2");
            assertThat(admin.ask("KICK " + started.member().id() + "/3")).startsWith("kicked 1 ");
            assertThat(lost.rest()).isEqualTo("error KICKED by an administrator\n");
            assertThat(admin.ask("AUDIT")).startsWith("missing=0 ghosts=0 repaired=1 pending=0 clients=1 revision=");
        }
    }

    @Test
    void whoeverComesOrGoesMeanwhileIsNoDifference() throws Exception {
        SocketzServer started = start(builder().loops(3).auditInterval(Duration.ofMillis(1)));
        try (LineClient admin = admin(started)) {
            for (int round = 0; round < 100; round++) {
                List<LineClient> clients = new ArrayList<>();
                admin.send("AUDIT\n".repeat(10));
                for (int i = 0; i < 10; i++) {
                    clients.add(LineClient.greeted(started));
                }
                for (LineClient client : clients) {
                    client.close();
                }
                for (int i = 0; i < 10; i++) {
                    assertThat(admin.line()).startsWith("missing=0 ghosts=0 repaired=0 pending=0 clients=");
                }
            }
        }
        assertThat(events.warnings()).isEmpty();
    }

    @Test
    void whatTheStoreSaysIsPassedOn() throws Exception {
        Difference left = new Difference(1, 2);
        SocketzServer started = startWith(Optional.of(new AuditResult(new Difference(3, 4), left, 9, 5, 70, 1_842)));
        try (LineClient admin = admin(started)) {
            assertThat(admin.ask("AUDIT"))
                    .isEqualTo("missing=1 ghosts=2 repaired=9 pending=5 clients=70 revision=1842 server=server01");
        }
    }

    // ---------------------------------------------------------------- by itself

    @Test
    void aServerAuditsByItselfAndReportsWhatItFindsOnce() throws Exception {
        SocketzServer started = start(builder().auditInterval(Duration.ofMillis(5)));
        try (LineClient admin = admin(started);
                LineClient lost = LineClient.greeted(started)) {
            registry().join("192.0.2.9:1", null);
            assertThat(events.next("warning "))
                    .isEqualTo(
                            "warning audit: 0 missing and 1 ghosts in this server's part of the roster; all repaired");
            registry().leave(registry().roster().join().clients().get(1), "HARM");
            assertThat(events.next("warning "))
                    .isEqualTo(
                            "warning audit: 1 missing and 0 ghosts in this server's part of the roster; all repaired");
            assertThat(lost.ask("WHY")).isEqualTo("42");
            for (int i = 0; i < 20; i++) {
                assertThat(admin.ask("AUDIT"))
                        .startsWith("missing=0 ghosts=0 repaired=2 pending=0 clients=2 revision=");
            }
        }
        assertThat(events.warnings()).isEmpty();
    }

    @Test
    void whileTheStoreIsAwayNothingIsReported() throws Exception {
        CountDownLatch asked = new CountDownLatch(5);
        SocketzServer started = start(builder()
                .auditInterval(Duration.ofMillis(5))
                .registry((self, state) -> new KnownRegistry(self, state) {
                    @Override
                    public CompletableFuture<Optional<AuditResult>> audit() {
                        asked.countDown();
                        return CompletableFuture.completedFuture(Optional.empty());
                    }
                }));
        try (LineClient client = LineClient.greeted(started)) {
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
        assertThat(events.warnings()).isEmpty();
    }

    @Test
    void whatIsLeftIsReported() throws Exception {
        AuditResult result = new AuditResult(new Difference(3, 4), new Difference(1, 2), 9, 5, 70, 1_842);
        SocketzServer started = startWith(Optional.of(result));
        try (LineClient admin = admin(started)) {
            assertThat(admin.ask("AUDIT")).startsWith("missing=1 ghosts=2 ");
            assertThat(events.next("warning "))
                    .endsWith("3 missing and 4 ghosts in this server's part of the roster; "
                            + "1 and 2 still to be repaired");
        }
    }

    @Test
    void aStoreThatDoesNotAnswerIsAnError() throws Exception {
        SocketzServer started = startWith(Optional.empty());
        try (LineClient admin = admin(started)) {
            assertThat(admin.ask("AUDIT"))
                    .isEqualTo("error AUDIT_FAILED expected etcd to answer: nothing is compared while it is away");
            assertThat(admin.ask("WHY")).isEqualTo("42");
        }
    }
}
