package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.server.event.ServerListener;
import io.socketz.server.haproxy.AgentPort;
import java.io.IOException;
import java.net.BindException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the agent port tells HAProxy, and how it withstands peers that misbehave. */
@Timeout(60)
class AgentPortTest {
    private static final String UNUSED = "up 100%\n";

    private final Events events = new Events();

    private SocketzServer.Builder builder() {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .agentPort(0)
                .listener(events)
                .drainNotice(Duration.ZERO)
                .maxConnections(100);
    }

    @Test
    void thereIsNoAgentPortByDefault() throws Exception {
        try (SocketzServer server =
                SocketzServer.builder().host("127.0.0.1").port(0).start()) {
            assertThat(server.agentAddress()).isEmpty();
        }
    }

    @Test
    void theAgentReportsTheWeightAsItFallsAndRises() throws Exception {
        try (SocketzServer server = builder().start()) {
            assertThat(AgentClient.ask(server)).isEqualTo(UNUSED);
            List<LineClient> clients = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                clients.add(LineClient.greeted(server));
            }
            assertThat(AgentClient.ask(server)).isEqualTo("up 50%\n");
            for (LineClient client : clients) {
                client.close();
                events.next("closed " + client.address());
            }
            assertThat(AgentClient.ask(server)).isEqualTo(UNUSED);
        }
    }

    /** Until then, new clients would see only the clients of this server. */
    @Test
    void theAgentReportsNoWeightUntilTheClusterIsKnown() throws Exception {
        CompletableFuture<Void> known = new CompletableFuture<>();
        try (SocketzServer server = builder()
                .registry((member, state) -> new ForwardingRegistry(member, state) {
                    @Override
                    public CompletableFuture<Void> known() {
                        return known;
                    }
                })
                .start()) {
            assertThat(AgentClient.ask(server)).isEqualTo("up 0% #starting\n");
            known.complete(null);
            assertThat(AgentClient.ask(server)).isEqualTo(UNUSED);
        }
    }

    @Test
    void anAgentCheckDoesNotCountAsAConnection() throws Exception {
        try (SocketzServer server = builder().maxConnections(1).start();
                LineClient client = LineClient.greeted(server);
                Socket asks = AgentClient.connect(server)) {
            assertThat(AgentClient.rest(asks)).isEqualTo("up 1%\n");
            assertThat(server.connections()).isEqualTo(1);
            assertThat(client.ask("WHO")).isEqualTo("client list: {'" + client.address() + "'}");
            assertThat(events.next()).isEqualTo("connected " + client.address());
            client.socket.close();
            assertThat(events.next()).startsWith("closed " + client.address());
        }
    }

    @Test
    void theAgentAnswersHealthChecksLikeTheClientPort() throws Exception {
        try (SocketzServer server = builder().start()) {
            assertThat(AgentClient.ask(server, "WHY\nQUIT\n")).isEqualTo(UNUSED + "42\n");
            assertThat(AgentClient.ask(server, "why\r\nWHO\nwhat?\n\nWHY\n")).isEqualTo(UNUSED + "42\n42\n");
            try (Socket quits = AgentClient.connect(server)) {
                quits.getOutputStream().write("WHY\nQUIT\nWHY\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(AgentClient.rest(quits)).isEqualTo(UNUSED + "42\n");
            }
        }
    }

    /** Clients of that loop would wait for ever, even though the other loops still work. */
    @Test
    void theAgentAnswersNoHealthCheckWhileALoopHangs() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ServerListener listener = new ServerListener() {
            @Override
            public void onConnected(String client) {
                // The agent port is on loop 0.
                if (Thread.currentThread().getName().equals("socketz-loop-1")) {
                    hangs.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            }
        };
        try (SocketzServer server = builder().loops(2).listener(listener).start();
                LineClient first = LineClient.greeted(server);
                LineClient second = LineClient.connect(server)) {
            assertThat(hangs.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(AgentClient.ask(server, "WHY\n")).isEqualTo("up 98%\n");
            assertThat(first.ask("WHY")).isEqualTo("42");
            release.countDown();
            second.expect(LineClient.GREETING);
            assertThat(AgentClient.ask(server, "WHY\n")).isEqualTo("up 98%\n42\n");
        } finally {
            release.countDown();
        }
    }

    @Test
    void peersThatStayConnectedDoNotKeepOthersOut() throws Exception {
        try (SocketzServer server = builder().loops(1).start()) {
            List<Socket> stay = new ArrayList<>();
            for (int i = 0; i < 5 * AgentPort.MAX_PEERS; i++) {
                stay.add(AgentClient.connect(server));
            }
            assertThat(AgentClient.ask(server, "WHY\n")).isEqualTo(UNUSED + "42\n");
            for (Socket peer : stay) {
                assertThat(AgentClient.rest(peer)).isEqualTo(UNUSED);
            }
            for (Socket peer : stay) {
                peer.close();
            }
        }
    }

    /** A peer that stays is the oldest of all, and would have to go first. */
    @Test
    void checksThatHaveEndedKeepNobodyOut() throws Exception {
        try (SocketzServer server = builder().loops(1).start()) {
            boolean tooSlow;
            do {
                long connectedAt = System.nanoTime();
                try (Socket stays = AgentClient.connect(server)) {
                    stays.getInputStream().readNBytes(UNUSED.length());
                    for (int i = 0; i < 2 * AgentPort.MAX_PEERS; i++) {
                        assertThat(AgentClient.ask(server, "WHY\nQUIT\n")).isEqualTo(UNUSED + "42\n");
                    }
                    stays.getOutputStream().write("WHY\nQUIT\n".getBytes(StandardCharsets.US_ASCII));
                    String answer = AgentClient.rest(stays);
                    // No peer stays for longer than a second.
                    tooSlow = System.nanoTime() - connectedAt > TimeUnit.MILLISECONDS.toNanos(900);
                    assertThat(tooSlow ? "42\n" : answer).isEqualTo("42\n");
                }
            } while (tooSlow);
        }
    }

    @Test
    void theAnswerIsNotLostWhenAPeerSendsALot() throws Exception {
        try (SocketzServer server = builder().start();
                Socket sends = AgentClient.connect(server)) {
            sends.getOutputStream().write(new byte[100_000]);
            assertThat(AgentClient.rest(sends)).isEqualTo(UNUSED);
        }
    }

    /** Otherwise the peer could write for ever, because it never closes its side. */
    @Test
    void theAgentClosesAPeerThatNeverCloses() throws Exception {
        try (SocketzServer server = builder().start();
                Socket stays = AgentClient.connect(server)) {
            assertThat(AgentClient.rest(stays)).isEqualTo(UNUSED);
            assertThatThrownBy(() -> {
                        while (true) {
                            stays.getOutputStream().write(0);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void anAgentPortInUseIsReportedAsTheAgentPort() throws Exception {
        try (SocketzServer server = builder().start()) {
            int port = server.agentAddress().orElseThrow().getPort();
            assertThatThrownBy(() -> builder().agentPort(port).start())
                    .isInstanceOfSatisfying(ListenException.class, e -> {
                        assertThat(e.port()).isEqualTo(ListenException.Port.AGENT);
                        assertThat(e.address().getPort()).isEqualTo(port);
                    })
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:" + port + " for agent checks: ")
                    .hasCauseInstanceOf(BindException.class);
        }
    }
}
