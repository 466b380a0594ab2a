package io.socketz.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers of the admin port who stop reading, and the others. */
@Timeout(120)
class SlowReadersTest {
    /** More than the kernel holds for a reader who does not read. */
    private static final byte[] LONG = new byte[32 << 20];

    /** The time of an answer is over when the test says so. */
    private static final class Clock extends ScheduledThreadPoolExecutor {
        private final Queue<Runnable> ends = new ConcurrentLinkedQueue<>();

        Clock() {
            super(0);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable end, long delay, TimeUnit unit) {
            ends.add(end);
            return super.schedule(() -> {}, delay, unit);
        }

        void endTime() {
            ends.forEach(Runnable::run);
        }
    }

    private final Clock clock = new Clock();
    private final AdminThreads threads = new AdminThreads();
    private final List<Socket> sockets = new ArrayList<>();
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();

    /** What ended the answers that could not be sent. */
    private final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
        AdminHandler handler = new AdminHandler(true, new AnswerTime(clock, Duration.ofHours(1)), warnings::add);
        HttpResponse longAnswer = new HttpResponse(200, "text/plain", Map.of(), LONG);
        handler.add("/api/long", query -> longAnswer);
        handler.add("/api/short", query -> HttpResponse.text(200, "short"));
        handler.add("/livez", query -> HttpResponse.text(200, "live"));
        handler.add("/stream", (exchange, query) -> {
            try {
                longAnswer.send(exchange);
            } catch (IOException e) {
                failures.add(e);
                throw e;
            }
        });
        server.createContext("/", handler);
        server.setExecutor(threads.requests());
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket each : sockets) {
            each.close();
        }
        server.stop(0);
        threads.close();
        clock.shutdownNow();
        assertThat(warnings).isEmpty();
    }

    /** Asks, and reads no more than the head of the answer. */
    private List<String> ask(String path) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(60_000);
        socket.connect(server.getAddress());
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 64);
        List<String> head = new ArrayList<>();
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            head.add(line);
        }
        return head;
    }

    private String status(String path) throws IOException {
        return ask(path).get(0);
    }

    private void stall(int readers) throws IOException {
        for (int i = 0; i < readers; i++) {
            assertThat(status("/api/long")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aLongAnswerTooManyIsRefusedAtOnceAndAllElseIsAnswered() throws Exception {
        stall(ApiPlaces.MAX_LARGE_ANSWERS);
        List<String> refused = ask("/api/long");
        assertThat(refused.get(0)).startsWith("HTTP/1.1 503");
        assertThat(refused).anyMatch(line -> line.equalsIgnoreCase("Retry-After: 1"));
        for (int i = 0; i < 2 * ApiPlaces.MAX_LARGE_ANSWERS; i++) {
            assertThat(status("/api/short")).startsWith("HTTP/1.1 200");
        }
        assertThat(status("/livez")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aReaderWhoHasGoneLeavesItsPlace() throws Exception {
        stall(ApiPlaces.MAX_LARGE_ANSWERS);
        sockets.remove(0).close();
        awaitPlace();
    }

    @Test
    void aReaderWhoTakesTooLongLosesItsConnectionAndItsPlace() throws Exception {
        stall(ApiPlaces.MAX_LARGE_ANSWERS);
        clock.endTime();
        awaitPlace();
    }

    private void awaitPlace() throws IOException {
        String status = status("/api/long");
        while (status.startsWith("HTTP/1.1 503")) {
            status = status("/api/long");
        }
        assertThat(status).startsWith("HTTP/1.1 200");
    }

    @Test
    void anyAnswerEndsWhenItTakesTooLong() throws Exception {
        assertThat(status("/stream")).startsWith("HTTP/1.1 200");
        clock.endTime();
        assertThat(failures.poll(60, TimeUnit.SECONDS)).isNotNull();
        long read = sockets.get(0).getInputStream().readAllBytes().length;
        assertThat(read).isLessThan(LONG.length);
    }
}
