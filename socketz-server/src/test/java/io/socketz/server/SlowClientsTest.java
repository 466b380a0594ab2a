package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send requests but do not read: what they cost, and whether other clients are still served. */
@Timeout(60)
class SlowClientsTest {
    private static final int SLOW = 100;
    private static final int ASKERS = 20;
    private static final int CAP_BYTES = 1 << 20;

    /** The replies to so many WHO take more than 64 KiB. */
    private static final int QUESTIONS = 2_000;

    private final Events events = new Events();

    private SocketzServer.Builder builder() {
        return SocketzServer.builder().host("127.0.0.1").port(0).listener(events);
    }

    /** Requests more replies than the kernel buffers, and reads nothing. */
    private static SocketChannel slow(SocketzServer server) throws Exception {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        channel.connect(server.address());
        channel.configureBlocking(false);
        channel.write(ByteBuffer.wrap("WHO\n".repeat(20_000).getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static void askAll(List<LineClient> askers) throws Exception {
        for (LineClient asker : askers) {
            assertThat(asker.ask("WHO")).startsWith("client list: {'");
            assertThat(asker.line()).startsWith("connected clients: ");
        }
    }

    @Test
    void tooManySlowClientsAreClosedWhileOthersAreServed() throws Exception {
        List<LineClient> askers = new ArrayList<>();
        List<SocketChannel> slow = new ArrayList<>();
        try (SocketzServer server = builder()
                .loops(2)
                .maxOutbound(CAP_BYTES)
                .outboundTimeout(Duration.ZERO)
                .drainTimeout(Duration.ZERO)
                .start()) {
            try {
                for (int i = 0; i < ASKERS; i++) {
                    askers.add(LineClient.greeted(server));
                }
                Set<String> well = new HashSet<>();
                askers.forEach(asker -> well.add(asker.address()));
                for (int i = 0; i < SLOW; i++) {
                    slow.add(slow(server));
                    if (i % 10 == 0) {
                        askAll(askers);
                    }
                }
                String[] closed = events.next("closed").split(" ", 4);
                assertThat(closed[2] + " " + closed[3])
                        .isEqualTo("MEMORY_LIMIT more than " + CAP_BYTES + " bytes are held for clients");
                assertThat(well).doesNotContain(closed[1]);
                askAll(askers);
                assertThat(server.connections()).isGreaterThan(ASKERS);
            } finally {
                for (SocketChannel each : slow) {
                    each.close();
                }
                for (LineClient asker : askers) {
                    asker.close();
                }
            }
        }
    }

    /** Requests more replies than the kernel buffers, closes its side, and reads nothing. */
    private static SocketChannel halfClosed(SocketzServer server) throws Exception {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        channel.connect(server.address());
        channel.write(ByteBuffer.wrap("WHO\n".repeat(QUESTIONS).getBytes(StandardCharsets.US_ASCII)));
        channel.shutdownOutput();
        return channel;
    }

    @Test
    void repliesThatAClientDoesNotReadAreDiscardedAfterTheOutboundTimeout() throws Exception {
        try (SocketzServer server =
                        builder().outboundTimeout(Duration.ofMillis(300)).start();
                SocketChannel client = halfClosed(server)) {
            assertThat(events.next("closed")).startsWith("closed ").endsWith(" SLOW_CONSUMER");
            assertThatThrownBy(() -> readAll(client)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClientThatHalfClosesStillGetsEveryReply() throws Exception {
        try (SocketzServer server =
                        builder().outboundTimeout(Duration.ofSeconds(30)).start();
                SocketChannel client = halfClosed(server)) {
            assertThat(readAll(client).lines().filter(line -> line.startsWith("connected clients: ")))
                    .hasSize(QUESTIONS);
            assertThat(events.next("closed")).endsWith(" CLIENT_CLOSED");
        }
    }

    private static String readAll(SocketChannel client) throws IOException {
        return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.US_ASCII);
    }

    private static final int REPLIES = 2_000;

    @Test
    void repliesThatAClientDoesNotReadAfterItsQuitAreDiscardedToo() throws Exception {
        try (SocketzServer server =
                        builder().outboundTimeout(Duration.ofMillis(100)).start();
                LineClient client = LineClient.connect(server, "127.0.0.1", 4096)) {
            client.send("WHERE\n".repeat(REPLIES) + "QUIT\n");
            assertThat(events.next("closed")).isEqualTo("closed " + client.address() + " SLOW_CONSUMER");
        }
    }

    /** The client reads only once it is off the roster, so the server has already handled its QUIT. */
    @Test
    void aClientThatReadsLateGetsEveryReplyToItsRequestsBeforeQuit() throws Exception {
        try (SocketzServer server = builder().outboundTimeout(Duration.ZERO).start();
                LineClient asks = LineClient.greeted(server);
                LineClient client = LineClient.connect(server, "127.0.0.1", 4096)) {
            client.send("WHERE\n".repeat(REPLIES) + "QUIT\n");
            String alone = "client list: {'" + asks.address() + "'}";
            while (!asks.ask("WHO").equals(alone)) {
                asks.line();
            }
            String id = server.member().id() + "\n";
            assertThat(server.connections()).isEqualTo(2);
            assertThat(client.rest()).isEqualTo(LineClient.GREETING + "\n" + id.repeat(REPLIES));
            client.socket.shutdownOutput();
            assertThat(events.next("closed")).isEqualTo("closed " + client.address() + " CLIENT_QUIT");
        }
    }

    /** It has its turn a hundred times, others in between. */
    @Test
    void aClientThatAsksForMuchMoreThanItsTurnGetsAllOfItAndSoItDoesFromAStoppingServer() throws Exception {
        for (boolean stops : new boolean[] {false, true}) {
            SocketzServer server = builder()
                    .loops(1)
                    .idleTimeout(Duration.ofMillis(500))
                    .registry((self, state) -> {
                        ForwardingRegistry registry = new ForwardingRegistry(self, state);
                        for (int i = 1; i <= 2_000; i++) {
                            registry.join("203.0.113.7:" + i, null, () -> {});
                        }
                        return registry;
                    })
                    .start();
            try (LineClient asks = LineClient.greeted(server)) {
                asks.send("WHO\n".repeat(3_000) + "QUIT\n");
                Thread closes = new Thread(server::close);
                if (stops) {
                    asks.line();
                    closes.start();
                }
                long lists = asks.rest()
                        .lines()
                        .filter(line -> line.startsWith("client list: "))
                        .count();
                assertThat(lists).isEqualTo(stops ? 2_999 : 3_000);
                asks.socket.close();
                closes.join();
            } finally {
                server.close();
            }
        }
    }
}
