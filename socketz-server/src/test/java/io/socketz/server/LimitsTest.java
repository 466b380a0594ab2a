package io.socketz.server;

import static io.socketz.server.LineClient.GREETING;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Each limit, and the reason for which the server closes a connection that exceeds it. */
class LimitsTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final Events events = new Events();

    private SocketzServer.Builder builder() {
        return SocketzServer.builder().host("127.0.0.1").port(0).loops(1).listener(events);
    }

    @Test
    void aLineOverTheLimitGetsAnError() throws Exception {
        try (SocketzServer server = builder().maxLineLength(8).start();
                LineClient client = LineClient.greeted(server)) {
            client.send("    WHY \n    WHY  \n");
            client.expect("42", "error LINE_TOO_LONG max 8 bytes");
        }
    }

    @Test
    void aFullServerRefusesAClientUntilAnotherIsGone() throws Exception {
        try (SocketzServer server = builder().maxConnections(2).start();
                LineClient first = LineClient.greeted(server)) {
            LineClient second = LineClient.greeted(server);
            try (LineClient third = LineClient.connect(server)) {
                assertThat(third.rest()).isEqualTo("error TOO_MANY_CONNECTIONS max 2\n");
                assertThat(events.next("closed"))
                        .isEqualTo("closed " + third.address() + " TOO_MANY_CONNECTIONS max 2");
            }
            second.close();
            events.next("closed " + second.address());
            try (LineClient fourth = LineClient.greeted(server)) {
                assertThat(first.ask("WHO"))
                        .isEqualTo("client list: {'" + first.address() + "', '" + fourth.address() + "'}");
            }
        }
    }

    @Test
    void theLimitPerAddressDoesNotAffectOtherAddresses() throws Exception {
        try (SocketzServer server = builder().maxPerAddress(1).start()) {
            LineClient first = LineClient.greeted(server);
            try (LineClient second = LineClient.connect(server);
                    LineClient elsewhere = LineClient.connect(server, "127.0.0.9")) {
                assertThat(second.rest()).isEqualTo("error TOO_MANY_FROM_ADDRESS max 1 connections from one address\n");
                elsewhere.expect(GREETING);
                first.close();
                events.next("closed " + first.address());
                LineClient.greeted(server).close();
            }
        }
    }

    /** A past defect: such a client held its place but no longer counted for its address. */
    @Test
    void aClosedSessionCountsForItsAddressUntilItsSocketIsClosed() throws Exception {
        try (SocketzServer server = builder().maxPerAddress(2).start();
                LineClient quits = LineClient.greeted(server);
                LineClient stays = LineClient.greeted(server)) {
            quits.send("QUIT\n");
            assertThat(quits.rest()).isEmpty();
            try (LineClient third = LineClient.connect(server)) {
                assertThat(third.rest()).isEqualTo("error TOO_MANY_FROM_ADDRESS max 2 connections from one address\n");
            }
            quits.socket.close();
            events.next("closed " + quits.address());
            try (LineClient fourth = LineClient.greeted(server)) {
                assertThat(fourth.ask("WHY")).isEqualTo(stays.ask("WHY"));
            }
        }
    }

    @Test
    void aClientThatSendsNothingIsClosedAfterTheFirstByteTimeout() throws Exception {
        // Long enough for the first client to speak on a busy machine.
        try (SocketzServer server =
                        builder().firstByteTimeout(Duration.ofMillis(500)).start();
                LineClient speaks = LineClient.greeted(server)) {
            assertThat(speaks.ask("WHY")).isEqualTo("42");
            try (LineClient silent = LineClient.connect(server)) {
                assertThat(silent.rest()).isEqualTo(GREETING + "\nerror FIRST_BYTE_TIMEOUT nothing was sent\n");
                assertThat(events.next("closed")).contains(" FIRST_BYTE_TIMEOUT ");
            }
            assertThat(speaks.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aClientThatStopsSendingIsClosedAfterTheIdleTimeout() throws Exception {
        try (SocketzServer server = builder().idleTimeout(SHORT).start();
                LineClient talks = LineClient.greeted(server);
                LineClient silent = LineClient.greeted(server)) {
            assertThat(silent.ask("WHY")).isEqualTo("42");
            // The other client has sent nothing yet, so the first-byte timeout applies to it.
            assertThat(silent.rest()).isEqualTo("error IDLE_TIMEOUT nothing was sent for too long\n");
            assertThat(talks.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aClientThatDoesNotReadIsClosedAfterTheOutboundTimeout() throws Exception {
        try (SocketzServer server = builder().outboundTimeout(SHORT).start();
                LineClient slow = LineClient.connect(server, "127.0.0.1", 4096);
                LineClient bystander = LineClient.greeted(server)) {
            byte[] requests = new byte[1 << 20];
            Arrays.fill(requests, (byte) '\n');
            byte[] where = "WHERE\n".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i + where.length <= requests.length; i += where.length) {
                System.arraycopy(where, 0, requests, i, where.length);
            }
            Thread sender = new Thread(() -> {
                try {
                    // The server stops reading, so this blocks until the connection is cut.
                    for (int i = 0; i < 100; i++) {
                        slow.send(requests);
                    }
                } catch (IOException e) {
                    // Expected: the server cuts the connection.
                }
            });
            sender.start();
            assertThat(events.next("closed")).isEqualTo("closed " + slow.address() + " SLOW_CONSUMER");
            sender.join();
            assertThat(bystander.ask("WHO")).isEqualTo("client list: {'" + bystander.address() + "'}");
        }
    }

    @Test
    void aClientThatDoesNotReadIsClosedAtTheMemoryLimit() throws Exception {
        try (SocketzServer server = builder().maxOutbound(0).start();
                LineClient slow = LineClient.connect(server, "127.0.0.1", 4096);
                LineClient bystander = LineClient.greeted(server)) {
            Thread sender = new Thread(() -> {
                try {
                    slow.send("WHERE\n".repeat(2_000_000));
                } catch (IOException e) {
                    // Expected: the server cuts the connection.
                }
            });
            sender.start();
            assertThat(events.next("closed"))
                    .isEqualTo("closed " + slow.address() + " MEMORY_LIMIT more than 0 bytes are held for clients");
            sender.join();
            assertThat(bystander.ask("WHY")).isEqualTo("42");
        }
    }

    @Test
    void aClientThatReadsSlowlyIsNotClosed() throws Exception {
        try (SocketzServer server =
                        builder().outboundTimeout(Duration.ofSeconds(10)).start();
                LineClient client = LineClient.connect(server, "127.0.0.1", 4096)) {
            client.expect(GREETING);
            int count = 400_000;
            Thread sender = new Thread(() -> {
                try {
                    client.send("WHERE\n".repeat(count));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            sender.start();
            // 15 MB of replies to a client with a small buffer: the server has to pause and continue many times.
            String id = server.member().id().toString();
            for (int i = 0; i < count; i++) {
                assertThat(client.line()).isEqualTo(id);
            }
            sender.join();
        }
    }
}
