package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What nobody should send to the admin port of the real command, whose limits are properties of its process. The server has
 * little memory, and ends if that is not enough; and a client of the service is answered whatever happens.
 */
@Execution(ExecutionMode.CONCURRENT) // they wait for the ends of time limits
class AdminBadInputIT {
    private static final String MEMORY = "-Xmx64m -XX:+ExitOnOutOfMemoryError";
    private static final int MAX_CONNECTIONS = 200;

    /** More than that are idle after an answer: no more are kept. */
    private static final int MAX_IDLE = 100;

    private static final String BEGIN = "GET /livez HTTP/1.1\r\nHost: localhost\r\n";
    private static final String MEGABYTE = "x".repeat(1 << 20);

    private final List<SocketChannel> channels = new ArrayList<>();
    private ServerProcess server;
    private PlainClient client;
    private int adminPort;

    @BeforeEach
    void start() throws Exception {
        server = ServerProcess.start(
                ServerProcess.command("--host=127.0.0.1", "--admin-port=0").environment("SOCKETZ_JAVA_OPTS", MEMORY));
        String line = server.awaitLine("admin page at ");
        adminPort = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
        client = PlainClient.greeted(server.port());
    }

    @AfterEach
    void stop() throws Exception {
        try {
            assertThat(client.ask("WHY")).as("to the client").isEqualTo("42");
            awaitHealth();
            assertThat(server.process().err().text()).isEmpty();
        } finally {
            for (SocketChannel each : channels) {
                each.close();
            }
            client.close();
            server.close();
        }
    }

    private void awaitHealth() throws Exception {
        Polling.until(() -> get("/livez"), answer -> answer.endsWith("\r\n\r\nlive\n"), "no answer to /livez");
    }

    /** The answer; empty if the connection is closed without one. */
    private String get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.0\r\nHost: localhost\r\n\r\n");
    }

    private String send(String request) throws IOException {
        try (PlainClient reader = PlainClient.connect(adminPort)) {
            return send(reader, request);
        }
    }

    private static String send(PlainClient reader, String request) {
        try {
            reader.send(request);
            return reader.rest();
        } catch (IOException e) {
            return ""; // it was closed before all was sent, or before all was read
        }
    }

    private SocketChannel open() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channels.add(channel);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), adminPort));
        channel.configureBlocking(false);
        return channel;
    }

    private void open(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            open();
        }
    }

    private long countOpen() {
        return channels.stream().filter(channel -> !isClosed(channel)).count();
    }

    /** Whether the server has closed it; what it sends instead is skipped. */
    private static boolean isClosed(SocketChannel channel) {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        try {
            int read = channel.read(buffer);
            while (read > 0) {
                read = channel.read(buffer.clear());
            }
            return read < 0;
        } catch (IOException e) {
            return true;
        }
    }

    /** Writes what fits; returns how much that was, or -1 if the server has closed the connection. */
    private static int write(SocketChannel channel, String text) {
        try {
            return channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            return -1;
        }
    }

    // ---------------------------------------------------------------- many connections

    @Test
    void ofAThousandIdleConnectionsMostAreClosedAtOnceAndTheOthersSoon() throws Exception {
        open(1000);
        assertThat(client.ask("WHY")).isEqualTo("42");
        Polling.until(this::countOpen, open -> open <= MAX_CONNECTIONS, "too many are open");
        awaitHealth();
        Polling.until(this::countOpen, open -> open == 0, "connections without a request are open");
    }

    @Test
    void connectionsThatWaitForTheirNextRequestLeaveRoomForOthers() throws Exception {
        for (int i = 0; i < 2 * MAX_IDLE; i++) {
            SocketChannel each = open();
            assertThat(write(each, BEGIN + "\r\n")).isPositive();
            each.configureBlocking(true);
            ByteBuffer answer = ByteBuffer.allocate(4096);
            assertThat(each.read(answer)).isPositive();
            each.configureBlocking(false);
        }
        assertThat(get("/livez")).endsWith("\r\n\r\nlive\n");
        assertThat(get("/metrics")).startsWith("HTTP/1.1 200");
        Polling.until(this::countOpen, open -> open <= MAX_IDLE, "too many are open");
    }

    // ---------------------------------------------------------------- much input

    @Test
    void aRequestOfMegabytesIsRefused() throws Exception {
        List<String> requests = List.of(
                "GET /" + MEGABYTE + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                BEGIN + "X: " + MEGABYTE + "\r\n\r\n",
                BEGIN + MEGABYTE + ": x\r\n\r\n",
                BEGIN + ("X: " + "x".repeat(100) + "\r\n").repeat(10_000) + "\r\n",
                BEGIN + numberedHeaders(10_000) + "\r\n",
                BEGIN + "X: x\r\n" + (" " + "x".repeat(100) + "\r\n").repeat(10_000) + "\r\n",
                MEGABYTE);
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < requests.size(); i++) {
                String answer = send(requests.get(i));
                assertThat(answer).as("the answer to request " + i).matches("(?s)|HTTP/1.1 4.*");
            }
        }
    }

    @Test
    void aRequestOfEmptyLinesIsCutOff() throws Exception {
        assertThat(send("\r\n".repeat(1 << 19))).isEmpty();
    }

    private static String numberedHeaders(int count) {
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < count; i++) {
            headers.append('X').append(i).append(": x\r\n");
        }
        return headers.toString();
    }

    // ---------------------------------------------------------------- slow senders and readers

    @Test
    void aRequestThatComesAByteAtATimeIsCutOff() throws Exception {
        open(100);
        for (SocketChannel each : channels) {
            assertThat(write(each, BEGIN + "X: ")).isPositive();
        }
        assertThat(get("/livez")).endsWith("\r\n\r\nlive\n");
        assertThat(get("/metrics")).startsWith("HTTP/1.1 200");
        assertThat(client.ask("WHY")).isEqualTo("42");
        Polling.until(
                () -> channels.stream().filter(each -> write(each, "x") >= 0).count(),
                sending -> sending == 0,
                "a request goes on");
    }

    @Test
    void whoAsksAndNeverReadsKeepsNobodyWaitingAndIsCutOff() throws Exception {
        String asked = request("/metrics") + request("/api/clients") + request("/api/rates");
        open(50);
        for (SocketChannel each : channels) {
            askUntilItBlocks(each, asked.repeat(100));
        }
        for (String path : List.of("/livez", "/readyz", "/metrics", "/api/clients", "/api/server")) {
            assertThat(get(path)).as(path).startsWith("HTTP/1.1 200");
        }
        assertThat(client.ask("WHY")).isEqualTo("42");
        Polling.until(
                () -> channels.stream().filter(each -> write(each, asked) >= 0).count(),
                waiting -> waiting == 0,
                "a reader that does not read is connected");
    }

    private static String request(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** The server reads no further request while it writes an answer that nobody takes. */
    private static void askUntilItBlocks(SocketChannel channel, String asked) throws Exception {
        Polling.until(() -> write(channel, asked), written -> written <= 0, "the server reads on");
    }
}
