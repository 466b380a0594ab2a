package io.socketz.server;

import static io.socketz.server.LineClient.GREETING;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.address.CidrSet;
import io.socketz.server.event.CloseReason;
import io.socketz.server.nio.FileDescriptors;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PROXY headers, which are required from 127.0.0.2 and accepted from no other address. */
class ProxyTest {
    private static final String PROXY = "127.0.0.2";
    private static final String HEADER = "PROXY TCP4 203.0.113.7 10.0.0.1 50814 5151\r\n";
    private static final String V2_SIGNATURE = "0d0a0d0a000d0a515549540a";

    private final Events events = new Events();
    private SocketzServer server;

    @BeforeEach
    void start() throws Exception {
        server = builder().start();
    }

    private SocketzServer.Builder builder() {
        return SocketzServer.builder()
                .host("127.0.0.1")
                .port(0)
                .proxies(CidrSet.parse(PROXY + "/32"))
                .proxyTimeout(Duration.ofSeconds(60))
                .listener(events);
    }

    /** A header of version 2: the signature, and then the bytes given as hexadecimal digits. */
    private static String v2(String hex) {
        byte[] bytes = HexFormat.of().parseHex(V2_SIGNATURE + hex.replace(" ", ""));
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theAddressInTheHeaderIsOnTheRoster() throws Exception {
        try (LineClient client = LineClient.connect(server, PROXY)) {
            client.send(HEADER + "WHO\n");
            client.expect(GREETING, "client list: {'203.0.113.7:50814'}", "connected clients: 1");
            assertThat(events.next()).isEqualTo("connected 203.0.113.7:50814");
        }
    }

    @Test
    void aHeaderCanBeSplitAtEveryByte() throws Exception {
        byte[] bytes = (HEADER + "WHY\n").getBytes(StandardCharsets.US_ASCII);
        for (int split = 1; split < bytes.length; split++) {
            try (LineClient client = LineClient.connect(server, PROXY)) {
                client.send(Arrays.copyOf(bytes, split));
                client.send(Arrays.copyOfRange(bytes, split, bytes.length));
                client.expect(GREETING, "42");
            }
        }
    }

    @Test
    void aVersion2HeaderWithIpv6IsAccepted() throws Exception {
        try (LineClient client = LineClient.connect(server, PROXY)) {
            client.send(v2("2121 0024"
                            + "20010db8 00000000 00000000 00000001"
                            + "00000000 00000000 00000000 00000001"
                            + "c67e 141f")
                    + "WHO\n");
            client.expect(GREETING, "client list: {'[2001:db8::1]:50814'}", "connected clients: 1");
        }
    }

    @Test
    void healthChecksAreServedButNotOnTheRoster() throws Exception {
        for (String header : new String[] {v2("20000000"), "PROXY UNKNOWN\r\n"}) {
            try (LineClient client = LineClient.connect(server, PROXY)) {
                client.send(header + "WHY\nWHO\n");
                client.expect(GREETING, "42", "client list: {}", "connected clients: 0");
            }
        }
    }

    @Test
    void anInvalidHeaderClosesTheConnectionWithAReason() throws Exception {
        String[] wrong = {
            "WHY\n",
            v2("").substring(0, 11) + "\0",
            v2("3111000c"),
            v2("2141000c"),
            v2("2111ffff"),
            "PROXY TCP4 " + "1".repeat(107),
            "PROXY TCP9 1.1.1.1 2.2.2.2 1 2\r\n"
        };
        for (String header : wrong) {
            try (LineClient client = LineClient.connect(server, PROXY)) {
                client.send(header);
                assertThat(client.rest()).as(header).isEmpty();
                assertThat(events.next()).contains(" PROXY_HEADER_INVALID bad PROXY header: ");
            }
        }
        assertThat(server.closed(CloseReason.PROXY_HEADER_INVALID)).isEqualTo(wrong.length);
    }

    @Test
    void aHeaderFromAnyOtherAddressIsAnInvalidCommand() throws Exception {
        try (LineClient client = LineClient.connect(server, "127.0.0.3")) {
            client.send(HEADER + "WHO\n");
            client.expect(
                    GREETING,
                    "invalid command: " + GREETING,
                    "client list: {'" + client.address() + "'}",
                    "connected clients: 1");
        }
    }

    @Test
    void aHeaderThatIsLateClosesTheConnection() throws Exception {
        try (SocketzServer impatient =
                        builder().proxyTimeout(Duration.ofMillis(50)).start();
                LineClient client = LineClient.connect(impatient, PROXY)) {
            client.send("PROXY TCP4 ");
            assertThat(client.rest()).isEmpty();
            assertThat(impatient.closed(CloseReason.PROXY_HEADER_TIMEOUT)).isEqualTo(1);
        }
    }

    @Test
    void aHeaderThatHasArrivedBeforeTheServerStopsIsServed() throws Exception {
        try (LineClient client = LineClient.connect(server, PROXY)) {
            // The server may have read this or not when it stops; it answers in both cases.
            client.send(HEADER + "WHY\n");
            Thread stop = new Thread(server::close);
            stop.start();
            assertThat(client.rest()).isEqualTo(GREETING + "\n42\n");
            client.socket.close();
            stop.join();
        }
    }

    @Test
    void aClientCountsForTheAddressInItsHeader() throws Exception {
        try (SocketzServer strict = builder().maxPerAddress(1).start();
                LineClient first = LineClient.connect(strict, PROXY);
                LineClient second = LineClient.connect(strict, PROXY);
                LineClient other = LineClient.connect(strict, PROXY)) {
            first.send(HEADER + "WHY\n");
            first.expect(GREETING, "42");
            second.send(HEADER);
            assertThat(second.rest()).isEqualTo("error TOO_MANY_FROM_ADDRESS max 1 connections from one address\n");
            other.send(HEADER.replace("203.0.113.7", "203.0.113.8"));
            other.expect(GREETING);
        }
    }

    /** Refusing one would make HAProxy cut every client. A health check takes no client's place. */
    @Test
    void aFullServerServesHealthChecks() throws Exception {
        try (SocketzServer full = builder().maxConnections(1).start();
                LineClient check = LineClient.connect(full, PROXY);
                LineClient client = LineClient.connect(full, PROXY);
                LineClient surplus = LineClient.connect(full, PROXY);
                LineClient late = LineClient.connect(full, PROXY)) {
            check.send("PROXY UNKNOWN\r\nWHY\n");
            check.expect(GREETING, "42");
            client.send(HEADER);
            client.expect(GREETING);
            surplus.send(HEADER + "WHY\n");
            assertThat(surplus.rest()).isEqualTo("error TOO_MANY_CONNECTIONS max 1\n");
            late.send("PROXY UNKNOWN\r\nWHO\n");
            late.expect(GREETING, "client list: {'203.0.113.7:50814'}", "connected clients: 1");
            assertThat(client.ask("WHY")).isEqualTo("42");
        }
    }

    /** The surplus clients are refused at once and hold no socket, although they never close theirs. */
    @Test
    void tooManyClientsFromOneAddressLeaveNoSocketBehind() throws Exception {
        List<LineClient> flood = new ArrayList<>();
        try (SocketzServer strict =
                builder().maxPerAddress(3).maxConnections(300).start()) {
            for (int i = 0; i < 200; i++) {
                LineClient client = LineClient.connect(strict, PROXY);
                flood.add(client);
                client.send(HEADER.replace("203.0.113.7", "203.0.113." + i % 2));
            }
            for (LineClient client : flood.subList(6, 200)) {
                assertThat(client.rest()).isEqualTo("error TOO_MANY_FROM_ADDRESS max 3 connections from one address\n");
            }
            assertThat(strict.connections()).isEqualTo(6);
            try (LineClient other = LineClient.connect(strict, PROXY)) {
                other.send(HEADER);
                other.expect(GREETING);
            }
        } finally {
            for (LineClient client : flood) {
                client.close();
            }
        }
    }

    /** Silent connections from a proxy to a full server hold the reserve of descriptors only for a moment. */
    @Test
    void missingHeadersDoNotDelayHealthChecksOfAFullServer() throws Exception {
        List<LineClient> silent = new ArrayList<>();
        int reserve = FileDescriptors.left().reserve();
        try (SocketzServer full = builder().maxConnections(1).start();
                LineClient client = LineClient.connect(full, PROXY)) {
            client.send(HEADER);
            client.expect(GREETING);
            for (int i = 0; i < reserve; i++) {
                silent.add(LineClient.connect(full, PROXY));
            }
            try (LineClient check = LineClient.connect(full, PROXY)) {
                check.send("PROXY UNKNOWN\r\nWHY\n");
                check.expect(GREETING, "42");
            }
            assertThat(full.closed(CloseReason.PROXY_HEADER_TIMEOUT)).isPositive();
            assertThat(client.ask("WHY")).isEqualTo("42");
        } finally {
            for (LineClient each : silent) {
                each.close();
            }
        }
    }
}
