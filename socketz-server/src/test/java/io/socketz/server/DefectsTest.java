package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import io.socketz.state.Client;
import io.socketz.state.Roster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Mistakes of an embedding program: each harms at most one connection, and never the server. */
class DefectsTest {
    private final Events events = new Events();

    private SocketzServer.Builder builder() {
        return SocketzServer.builder().host("127.0.0.1").port(0).loops(1).listener(events);
    }

    @Test
    void aListenerThatThrowsCausesAWarningAndNothingElse() throws Exception {
        ServerListener throwing = new ServerListener() {
            @Override
            public void onConnected(String client) {
                throw new IllegalStateException("connected");
            }

            @Override
            public void onReplied(String client) {
                throw new IllegalStateException("replied");
            }

            @Override
            public void onClosed(String client, CloseReason reason, String detail) {
                throw new IllegalStateException("closed");
            }

            @Override
            public void onWarning(String message) {
                events.onWarning(message);
                throw new IllegalStateException("warned");
            }
        };
        try (SocketzServer server = builder().listener(throwing).start()) {
            for (int i = 0; i < 3; i++) {
                try (LineClient client = LineClient.greeted(server)) {
                    assertThat(client.ask("WHY")).isEqualTo("42");
                }
                assertThat(events.next("warning")).contains("the listener failed");
            }
        }
    }

    @Test
    void aRegistryThatThrowsEndsOnlyTheConnectionInvolved() throws Exception {
        AtomicInteger joins = new AtomicInteger();
        try (SocketzServer server = builder()
                        .registry((member, state) -> new ForwardingRegistry(member, state) {
                            @Override
                            public Client join(String address, @Nullable String via, Runnable onAnnounced) {
                                if (joins.incrementAndGet() == 2) {
                                    throw new IllegalStateException("as planned");
                                }
                                return super.join(address, via, onAnnounced);
                            }
                        })
                        .start();
                LineClient bystander = LineClient.greeted(server);
                LineClient unlucky = LineClient.connect(server)) {
            assertThat(unlucky.rest()).isEmpty();
            assertThat(events.next("warning"))
                    .contains("internal error: java.lang.IllegalStateException: as planned at io.socketz.");
            try (LineClient next = LineClient.greeted(server)) {
                assertThat(next.ask("WHY")).isEqualTo("42");
            }
            assertThat(bystander.ask("WHY")).isEqualTo("42");
            assertThat(server.closed(CloseReason.INTERNAL_ERROR)).isEqualTo(1);
        }
    }

    @Test
    void aFailedRosterEndsOnlyTheClientThatAskedForIt() throws Exception {
        try (SocketzServer server = builder()
                        .registry((member, state) -> new ForwardingRegistry(member, state) {
                            @Override
                            public CompletableFuture<Roster> roster() {
                                return CompletableFuture.failedFuture(new IllegalStateException("as planned"));
                            }
                        })
                        .start();
                LineClient bystander = LineClient.greeted(server);
                LineClient asks = LineClient.greeted(server)) {
            asks.send("WHY\nWHO\nWHY\n");
            assertThat(asks.rest()).isEqualTo("42\n");
            assertThat(bystander.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void theBuilderRefusesValuesOutOfRangeAndAcceptsVeryLongTimes() throws Exception {
        assertThatThrownBy(() -> builder().port(65_536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder().maxLineLength(Integer.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder().idleTimeout(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        Duration forever = ChronoUnit.FOREVER.getDuration();
        try (SocketzServer server = builder()
                        .idleTimeout(Duration.ofNanos(Long.MAX_VALUE))
                        .firstByteTimeout(forever)
                        .outboundTimeout(forever)
                        .drainTimeout(forever)
                        .start();
                LineClient client = LineClient.greeted(server)) {
            assertThat(client.ask("WHY")).isEqualTo("42");
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aFailedStartLeavesNothingOpen() throws Exception {
        Set<Thread> before = stateThreads(); // of other tests of this JVM
        int port = freePort();
        AtomicInteger closed = new AtomicInteger();
        assertThatThrownBy(() -> builder()
                        .port(port)
                        .registry((member, state) -> {
                            state.execute(closed::incrementAndGet);
                            throw new IllegalStateException("as planned");
                        })
                        .start())
                .hasMessage("as planned");
        // The state thread ran its tasks before it was closed.
        assertThat(closed).hasValue(1);
        for (Thread thread : stateThreads()) {
            if (!before.contains(thread)) {
                thread.join(10_000);
                assertThat(thread.isAlive()).as("state thread").isFalse();
            }
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(each -> each.getName().equals("socketz-loop-0"));
        builder().port(port).start().close();
    }

    private static Set<Thread> stateThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("socketz-state"))
                .collect(Collectors.toSet());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void anInterruptedCloseStillEndsTheServer() throws Exception {
        SocketzServer server = builder().loops(2).start();
        try (LineClient client = LineClient.greeted(server)) {
            Thread.currentThread().interrupt();
            server.close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(client.rest()).isEmpty();
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void aListenerThatThrowsAnErrorDoesNotCloseThePort() throws Exception {
        ServerListener throwing = new ServerListener() {
            @Override
            public void onClosed(String client, CloseReason reason, String detail) {
                throw new AssertionError("as planned");
            }
        };
        try (SocketzServer server =
                        builder().listener(throwing).maxConnections(1).start();
                LineClient only = LineClient.greeted(server)) {
            for (int i = 0; i < 3; i++) {
                try (LineClient surplus = LineClient.connect(server)) {
                    assertThat(surplus.rest()).isEqualTo("error TOO_MANY_CONNECTIONS max 1\n");
                }
            }
            assertThat(only.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aRegistryThatFailsWhenAClientLeavesKeepsNoPlaceTaken() throws Exception {
        try (SocketzServer server = builder()
                .maxPerAddress(1)
                .registry((member, state) -> new ForwardingRegistry(member, state) {
                    @Override
                    public void leave(Client client, String reason) {
                        throw new IllegalStateException("as planned");
                    }
                })
                .start()) {
            for (int i = 0; i < 3; i++) {
                LineClient client = LineClient.greeted(server);
                client.close();
                events.next("closed " + client.address());
            }
        }
    }

    @Test
    void closingTheServerFromAListenerIsRefusedEvenWhileAnotherThreadClosesIt() throws Exception {
        CompletableFuture<SocketzServer> started = new CompletableFuture<>();
        CompletableFuture<Throwable> refused = new CompletableFuture<>();
        ServerListener closing = new ServerListener() {
            @Override
            public void onClosed(String client, CloseReason reason, String detail) {
                try {
                    started.join().close();
                } catch (IllegalStateException e) {
                    refused.complete(e);
                }
            }
        };
        SocketzServer server = builder().listener(closing).start();
        started.complete(server);
        try (LineClient client = LineClient.greeted(server)) {
            Thread stop = new Thread(server::close);
            stop.start();
            assertThat(client.rest()).isEmpty();
            client.socket.close();
            assertThat(refused.get(10, TimeUnit.SECONDS)).hasMessageContaining("from one of its own event loops");
            stop.join();
        }
    }
}
