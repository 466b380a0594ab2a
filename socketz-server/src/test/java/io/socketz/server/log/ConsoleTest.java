package io.socketz.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.EndedConnection;
import io.socketz.state.Client;
import io.socketz.state.Member;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConsoleTest {
    private static final UUID SERVER_ID = UUID.fromString("6b7de968-32a8-4b4f-b3b3-81480e93e321");
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.5Z");
    private static final Client FIRST = new Client(SERVER_ID, 1, "10.0.0.1:1", null, NOW.toEpochMilli());
    private static final Client SECOND = new Client(SERVER_ID, 2, "10.0.0.2:1", "10.9.9.9:7", NOW.toEpochMilli());

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final AtomicBoolean failed = new AtomicBoolean();

    private static PrintStream stream(OutputStream target) {
        return new PrintStream(target, false, StandardCharsets.UTF_8);
    }

    private void tell(LogFormat format, LogLevel level, Consumer<Console> events) {
        try (Console console = new Console(
                stream(out),
                stream(err),
                new LogSettings(format, level, ""),
                Clock.fixed(NOW, ZoneOffset.UTC),
                () -> failed.set(true))) {
            events.accept(console);
        }
    }

    private static void tellAll(Console console) {
        console.print(LogEvent.STARTING, "Starting server...");
        console.onStarting(new Member(SERVER_ID, "server01", "10.0.0.3:5151", NOW));
        console.onConnected(FIRST);
        console.onReplied("10.0.0.1:1");
        console.onClosed(new EndedConnection(
                "10.0.0.1:1", Optional.of(FIRST), CloseReason.CLIENT_QUIT, "", Duration.ofMillis(61_042)));
        console.onClosed(new EndedConnection(
                "10.0.0.2:1",
                Optional.of(SECOND.withName("bob")),
                CloseReason.IDLE_TIMEOUT,
                "nothing was sent for too long",
                Duration.ofNanos(1_500_999)));
        console.onWarning("careful");
        console.onFailure("a loop has ended");
    }

    private List<String> printed() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private List<String> printedAsErrors() {
        return err.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void theConsoleShowsConnectionsAndUnusualEvents() {
        tell(LogFormat.PLAIN, LogLevel.INFO, ConsoleTest::tellAll);
        assertThat(printed())
                .containsExactly(
                        "Starting server...",
                        "connection from: 10.0.0.1:1",
                        "connection closed: 10.0.0.2:1 IDLE_TIMEOUT (nothing was sent for too long)");
        assertThat(printedAsErrors()).containsExactly("careful", "a loop has ended");
        assertThat(failed).isTrue();
    }

    @Test
    void theVerboseConsoleShowsEveryEvent() {
        tell(LogFormat.PLAIN, LogLevel.DEBUG, ConsoleTest::tellAll);
        assertThat(printed())
                .containsExactly(
                        "Starting server...",
                        "connection from: 10.0.0.1:1",
                        "sent reply to 10.0.0.1:1",
                        "connection closed: 10.0.0.1:1 CLIENT_QUIT",
                        "connection closed: 10.0.0.2:1 IDLE_TIMEOUT (nothing was sent for too long)");
    }

    @Test
    void textTellsTheTimeTheLevelAndTheServerOfEachEvent() {
        tell(LogFormat.TEXT, LogLevel.DEBUG, ConsoleTest::tellAll);
        assertThat(printed())
                .containsExactly(
                        "2026-01-31T12:00:00.500Z info - Starting server...",
                        "2026-01-31T12:00:00.500Z info server01 connection from: 10.0.0.1:1",
                        "2026-01-31T12:00:00.500Z debug server01 sent reply to 10.0.0.1:1",
                        "2026-01-31T12:00:00.500Z info server01 connection closed: 10.0.0.1:1 CLIENT_QUIT",
                        "2026-01-31T12:00:00.500Z info server01 connection closed: 10.0.0.2:1 IDLE_TIMEOUT (nothing was"
                                + " sent for too long)",
                        "2026-01-31T12:00:00.500Z warning server01 careful",
                        "2026-01-31T12:00:00.500Z error server01 a loop has ended");
        assertThat(printedAsErrors()).isEmpty();
    }

    @Test
    void journaldGetsThePriorityOfEachEvent() {
        tell(LogFormat.JOURNAL, LogLevel.DEBUG, console -> {
            console.onConnected(FIRST);
            console.onReplied("10.0.0.1:1");
            console.onWarning("careful");
            console.onFailure("a loop has ended");
        });
        assertThat(printed())
                .containsExactly(
                        "<6>connection from: 10.0.0.1:1",
                        "<7>sent reply to 10.0.0.1:1",
                        "<4>careful",
                        "<3>a loop has ended");
        assertThat(printedAsErrors()).isEmpty();
    }

    @Test
    void jsonHasAllThatIsKnownOfEachEvent() {
        tell(LogFormat.JSON, LogLevel.DEBUG, ConsoleTest::tellAll);
        String time = "{\"time\":\"2026-01-31T12:00:00.500Z\",\"level\":";
        String id = "\"id\":\"" + SERVER_ID;
        assertThat(printed())
                .containsExactly(
                        time + "\"info\",\"event\":\"starting\",\"message\":\"Starting server...\"}",
                        time + "\"info\",\"server\":\"server01\",\"event\":\"connected\"," + id
                                + "/1\",\"addr\":\"10.0.0.1:1\",\"message\":\"connection from: 10.0.0.1:1\"}",
                        time + "\"debug\",\"server\":\"server01\",\"event\":\"replied\",\"addr\":\"10.0.0.1:1\","
                                + "\"message\":\"sent reply to 10.0.0.1:1\"}",
                        time + "\"info\",\"server\":\"server01\",\"event\":\"closed\"," + id
                                + "/1\",\"addr\":\"10.0.0.1:1\",\"reason\":\"CLIENT_QUIT\",\"duration\":61.042,"
                                + "\"message\":\"connection closed: 10.0.0.1:1 CLIENT_QUIT\"}",
                        time + "\"info\",\"server\":\"server01\",\"event\":\"closed\"," + id
                                + "/2\",\"addr\":\"10.0.0.2:1\",\"via\":\"10.9.9.9:7\",\"name\":\"bob\","
                                + "\"reason\":\"IDLE_TIMEOUT\",\"detail\":\"nothing was sent for too long\","
                                + "\"duration\":0.001,\"message\":\"connection closed: 10.0.0.2:1 IDLE_TIMEOUT (nothing"
                                + " was sent for too long)\"}",
                        time + "\"warning\",\"server\":\"server01\",\"event\":\"warning\",\"message\":\"careful\"}",
                        time + "\"error\",\"server\":\"server01\",\"event\":\"failure\",\"message\":\"a loop has"
                                + " ended\"}");
        assertThat(printedAsErrors()).isEmpty();
    }

    @Test
    void aRefusedConnectionHasAnAddressAndNoId() {
        tell(
                LogFormat.JSON,
                LogLevel.INFO,
                console -> console.onClosed(
                        EndedConnection.atOnce("10.0.0.1:1", CloseReason.TOO_MANY_CONNECTIONS, "max 5")));
        assertThat(printed())
                .singleElement()
                .asString()
                .contains("\"event\":\"closed\",\"addr\":\"10.0.0.1:1\",\"reason\":\"TOO_MANY_CONNECTIONS\","
                        + "\"detail\":\"max 5\",\"duration\":0.000,");
    }

    @Test
    void theOriginalsFormatAloneLeavesOutOrdinaryEnds() {
        tell(LogFormat.TEXT, LogLevel.INFO, ConsoleTest::tellAll);
        assertThat(printed()).anyMatch(line -> line.endsWith("CLIENT_QUIT"));
        assertThat(printed()).noneMatch(line -> line.contains("sent reply"));
    }

    @ParameterizedTest
    @CsvSource({"ERROR, 1", "WARNING, 2", "INFO, 6", "DEBUG, 7"})
    void aLevelShowsEventsOfItsOwnAndOfMoreImportantOnes(LogLevel level, int lines) {
        tell(LogFormat.TEXT, level, ConsoleTest::tellAll);
        assertThat(printed()).hasSize(lines);
    }

    @ParameterizedTest
    @EnumSource
    void hostileTextBreaksNoLine(LogFormat format) {
        tell(
                format,
                LogLevel.INFO,
                console -> console.print(
                        LogEvent.ETCD, "a\nb\r\u001b[2Jc\u0000\u0085\u2028\u202e\ud800\"\\ \u00e9" + "x".repeat(5000)));
        assertThat(printed()).singleElement().satisfies(line -> {
            assertThat(line.codePoints()).noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x202e);
            assertThat(line).hasSizeLessThan(2_300).contains("xxx...");
        });
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("\n").containsOnlyOnce("\n");
    }

    @Test
    void otherScriptsAreShownAsTheyAre() {
        tell(LogFormat.PLAIN, LogLevel.INFO, console -> console.print(LogEvent.ETCD, "caf\u00e9 \u4e2d \ud83d\ude00"));
        assertThat(printed()).containsExactly("caf\u00e9 \u4e2d \ud83d\ude00");
    }

    @Test
    void aServerWithBlanksInItsNameIsOneWordInText() {
        tell(LogFormat.TEXT, LogLevel.INFO, console -> {
            console.onStarting(new Member(SERVER_ID, "my server", "10.0.0.3:5151", NOW));
            console.onWarning("careful");
        });
        assertThat(printed()).containsExactly("2026-01-31T12:00:00.500Z warning my_server careful");
    }

    @Test
    void whatLibrariesLogHasTheSameFormat() {
        tell(LogFormat.JSON, LogLevel.DEBUG, console -> {
            LibraryLog handler = new LibraryLog(console);
            LogRecord record = new LogRecord(Level.SEVERE, "lost {0}\nat once");
            record.setLoggerName("io.grpc.netty.Test");
            record.setParameters(new Object[] {"a channel"});
            record.setThrown(new IllegalStateException("two\nlines"));
            handler.publish(record);
        });
        assertThat(printed())
                .containsExactly("{\"time\":\"2026-01-31T12:00:00.500Z\",\"level\":\"warning\",\"event\":\"library\","
                        + "\"logger\":\"io.grpc.netty.Test\",\"message\":\"io.grpc.netty.Test: lost a channel\\u000aat"
                        + " once: java.lang.IllegalStateException: two\\u000alines\"}");
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(60)
    void aStuckOutputDoesNotBlockAndTheLostLinesAreCounted(LogFormat format) throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        PrintStream stuck = stream(new OutputStream() {
            @Override
            public void write(int b) {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                out.write(b);
            }
        });
        int lines = 100_000;
        LogSettings settings = new LogSettings(format, LogLevel.INFO, "");
        try (Console console = new Console(stuck, stream(err), settings, Clock.systemUTC(), () -> {})) {
            console.print(LogEvent.STARTING, "first");
            blocked.await();
            for (int i = 0; i < lines; i++) {
                console.print(LogEvent.STARTING, "line");
            }
            release.countDown();
            // The console's end waits for one second, which a busy machine may need for more than that.
            while (!all().contains(" lines were dropped")) {
                Thread.sleep(10);
            }
        }
        long written = printed().stream()
                .filter(line -> line.replace("\"}", "").endsWith("line"))
                .count();
        assertThat(written).isPositive();
        assertThat(all()).contains(lines - written + " lines were dropped");
    }

    private String all() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }
}
