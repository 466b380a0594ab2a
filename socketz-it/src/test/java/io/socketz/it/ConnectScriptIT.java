package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./socketz connect} in scripts. */
class ConnectScriptIT {
    private static final String INVALID = "invalid command: " + PlainClient.GREETING + "\n";

    @RegisterExtension
    static final ServerOnDemand SERVER = new ServerOnDemand();

    @TempDir
    Path directory;

    private Child.Builder connect(String... arguments) throws Exception {
        return Child.of(Checkout.socketz("connect")).append(address()).append(arguments);
    }

    private String address() throws Exception {
        return "127.0.0.1:" + SERVER.get().port();
    }

    private Path input(String text) throws Exception {
        return Files.writeString(directory.resolve("input"), text);
    }

    private static Child.Result result(int status, String out, String err) {
        return new Child.Result(status, out, err.isEmpty() ? "" : "socketz connect: " + err + "\n");
    }

    // ---- Replies ------------------------------------------------------------------------------------------------

    @Test
    void answersCommandsInOrder() throws Exception {
        Child.Result result =
                connect("-e", "WHERE", "-e", "why", "--execute=WHO").run();
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .matches(SERVER.get().id() + "\n42\nclient list: \\{'127\\.0\\.0\\.1:\\d+'}\nconnected clients: 1\n");
    }

    @Test
    void readsCommandsFromStandardInput() throws Exception {
        SERVER.share();
        assertThat(connect().input(input("WHERE\r\n\n  why\nQUIT\nWHY\n")).run())
                .isEqualTo(result(0, SERVER.get().id() + "\n42\n", ""));
        assertThat(connect().input(input("WHY")).run()).isEqualTo(result(0, "42\n", ""));
        assertThat(connect().input(input("")).run()).isEqualTo(result(0, "", ""));
    }

    @Test
    void answersManyMoreCommandsThanFitIntoAnyBuffer() throws Exception {
        SERVER.share();
        int count = 100_000;
        assertThat(connect().input(input("WHY\n".repeat(count))).run()).isEqualTo(result(0, "42\n".repeat(count), ""));
    }

    @Test
    void writesALineOfJsonForEachReply() throws Exception {
        Child.Result result = connect("--json", "-e", "WHERE", "-e", "who", "-e", "WHO FRESH", "-e", "\"x\"")
                .run();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEmpty();
        List<String> lines = result.out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0))
                .isEqualTo("{\"command\":\"WHERE\",\"id\":\"" + SERVER.get().id() + "\"}");
        assertThat(lines.get(1))
                .matches("\\{\"command\":\"WHO\",\"clients\":\\[\"127\\.0\\.0\\.1:\\d+\"],\"count\":1}");
        assertThat(lines.get(2))
                .matches("\\{\"command\":\"WHO FRESH\",.*,\"count\":1,\"fresh\":true,\"revision\":\\d+}");
        assertThat(lines.get(3))
                .isEqualTo("{\"command\":\"\\\"x\\\"\",\"error\":\"INVALID_COMMAND\",\"message\":\""
                        + PlainClient.GREETING + "\"}");
    }

    @Test
    void printsRecordsAsTheyComeAndAsJson() throws Exception {
        String record = "id=" + SERVER.get().id() + "/1 addr=127\\.0\\.0\\.1:\\d+ server=\\S+ since=\\S+Z name=web-7\n";
        Child.Result result = connect(
                        "-e", "NAME web-7", "-e", "WHO LONG NAME web-*", "-e", "WHO COUNT", "-e", "NAME a b")
                .run();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .matches(record + "1 clients of 1 at revision \\d+\n" + record + "connected clients: 1\n"
                        + "error BAD_NAME expected 1 to 64 .*\n");
        Child.Result json =
                connect("--json", "-e", "who long LIMIT 1", "-e", "SERVERS").run();
        assertThat(json.status()).as(json.err()).isZero();
        assertThat(json.out())
                .matches("\\{\"command\":\"WHO LONG LIMIT 1\",\"clients\":\\[\\{\"id\":\""
                        + SERVER.get().id()
                        + "/2\",\"addr\":\"127\\.0\\.0\\.1:\\d+\",.*}],\"total\":1,\"revision\":\\d+}\n"
                        + "\\{\"command\":\"SERVERS\",\"servers\":\\[\\{.*\"clients\":1,.*}],\"revision\":\\d+}\n");
    }

    @Test
    void answersEachLineAtOnce() throws Exception {
        SERVER.share();
        Child.Builder command = connect().shell("(echo WHY; sleep 60) | { \"$@\"; }");
        try (Child child = command.start()) {
            child.out().await("42");
        }
    }

    @Test
    void endsSilentlyWhenItsReaderHasGone() throws Exception {
        SERVER.share();
        Child.Result result = connect()
                .input(input("WHY\n".repeat(50_000)))
                .shell("\"$@\" | head -n 1; echo ${PIPESTATUS[0]}")
                .run();
        assertThat(result).isEqualTo(new Child.Result(0, "42\n0\n", ""));
    }

    @Test
    void printsEventsAsTheyComeUntilControlC() throws Exception {
        Child.Builder command = connect("--json").shell("(echo WATCH; sleep 60) | { \"$@\"; }");
        try (Child piped = command.start();
                Child child = connect("-e", "WATCH").obeyingInterrupts().start()) {
            piped.out().await("{\"command\":\"WATCH\",\"clients\":[");
            child.out().await(" at revision ");
            try (PlainClient other = PlainClient.greeted(SERVER.get().port())) {
                assertThat(piped.out().await(",\"event\":\"join\",").lines())
                        .last()
                        .asString()
                        .startsWith("{\"revision\":");
                piped.out().await("\"addr\":\"" + other.address() + "\"");
                child.out().await(" join id=");
            }
            child.signal("INT");
            assertThat(child.await().status()).isEqualTo(130);
            assertThat(child.err().text()).isEmpty();
        }
    }

    @Test
    void aWatchEndsSilentlyWhenItsReaderHasGone() throws Exception {
        Child.Builder command =
                connect("--json", "-e", "WATCH").shell("\"$@\" | head -n 1; echo status ${PIPESTATUS[0]}");
        try (Child child = command.start()) {
            child.out().await("{\"command\":\"WATCH\"");
            Polling.until(
                    () -> {
                        PlainClient.greeted(SERVER.get().port()).close(); // an event to print
                        return child.isAlive();
                    },
                    alive -> !alive,
                    "it does not end without a reader");
            Child.Result result = child.await();
            assertThat(result.out()).endsWith("\nstatus 0\n");
            assertThat(result.err()).isEmpty();
        }
    }

    @Test
    void reportsThatAnswersCannotBeWritten() throws Exception {
        SERVER.share();
        assumeThat(Path.of("/dev/full")).exists();
        Child.Result result = connect("-e", "WHY").shell("\"$@\" >/dev/full").run();
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).matches("socketz connect: cannot write standard output: .+\n");
    }

    @Test
    void helpFitsIntoEightyColumns() throws Exception {
        Child.Result help = Child.of(Checkout.socketz("connect", "--help")).run();
        assertThat(help.status()).isZero();
        assertThat(help.err()).isEmpty();
        assertThat(help.out())
                .startsWith("Usage: socketz connect ")
                .contains("-e, --execute=COMMAND", "--json ", "--timeout=TIME ", "--[no-]reconnect ", "Exit status:");
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    // ---- Exit statuses ------------------------------------------------------------------------------------------

    @Test
    void exitsWithOneIfTheServerAnsweredAnError() throws Exception {
        SERVER.share();
        assertThat(connect("-e", "HELLO", "-e", "WHY").run()).isEqualTo(result(1, INVALID + "42\n", ""));
        assertThat(connect().input(input("x".repeat(3000) + "\n")).run())
                .isEqualTo(result(1, "error LINE_TOO_LONG max 1024 bytes\n", ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    localhost:0 -e WHY        | 'localhost:0' has port 0, which nobody can reach
                    --timeout 0 -e WHY        | Invalid value for option '--timeout': must be 1ms or more
                    """)
    void exitsWithTwoAfterWrongUse(String arguments, String message) throws Exception {
        Child.Result result = Child.of(Checkout.socketz("connect"))
                .append(arguments.split(" "))
                .run();
        assertThat(result).isEqualTo(result(2, "", message + "; see 'socketz connect --help'"));
    }

    @Test
    void exitsWithThreeWithoutAConnection() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(Child.of(Checkout.socketz("connect", "127.0.0.1:" + port, "-e", "WHY"))
                        .run())
                .isEqualTo(result(3, "", "no connection: 127.0.0.1:" + port + ": Connection refused"));
    }

    @Test
    void exitsWithThreeAndNamesUnansweredCommandsWhenTheConnectionIsLost() throws Exception {
        try (FakeServer fake = FakeServer.start("")) {
            Child.Result result = Child.of(Checkout.socketz("connect", "127.0.0.1:" + fake.port()))
                    .append("-e", "WHO", "-e", "WHERE", "-e", "WHY", "-e", "WHY")
                    .run();
            assertThat(result.status()).isEqualTo(3);
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .startsWith("socketz connect: connection lost: ")
                    .endsWith("; not answered: WHO, WHERE, WHY and 1 more\n");
        }
    }

    @Test
    void exitsWithThreeIfNoReplyComesInTime() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(Child.of(List.of("mkfifo", fifo.toString())).run().status()).isZero();
        String lines = "(echo WHERE; cat " + fifo + "; sleep 60)";
        try (Child child = connect("--timeout", "300ms")
                .shell(lines + " | { \"$@\"; echo status $?; }")
                .start()) {
            child.out().await(SERVER.get().id());
            SERVER.get().process().signal("STOP");
            Files.writeString(fifo, "WHY\n");
            assertThat(child.err().await("socketz connect: "))
                    .isEqualTo("socketz connect: no reply in time; not answered: WHY");
            assertThat(child.out().await("status ")).isEqualTo("status 3");
            SERVER.get().process().signal("CONT");
        }
    }

    // ---- Bad servers --------------------------------------------------------------------------------------------

    @Test
    void printsNothingThatATerminalWouldObey() throws Exception {
        String hostile = "client list: {'\u001b[2J\u202e'}\nconnected clients: 1\n";
        try (FakeServer fake = FakeServer.start(hostile)) {
            assertThat(Child.of(Checkout.socketz("connect", "127.0.0.1:" + fake.port(), "-e", "WHO"))
                            .run())
                    .isEqualTo(result(0, "client list: {'?[2J?'}\nconnected clients: 1\n", ""));
        }
        try (FakeServer fake = FakeServer.start(hostile)) {
            assertThat(Child.of(Checkout.socketz("connect", "127.0.0.1:" + fake.port(), "--json", "-e", "WHO"))
                            .run())
                    .isEqualTo(
                            result(0, "{\"command\":\"WHO\",\"clients\":[\"\\u001b[2J\\u202e\"],\"count\":1}\n", ""));
        }
        try (FakeServer fake = FakeServer.start("\u001b[2Jhttp\n")) {
            Child.Result result = Child.of(Checkout.socketz("connect", "127.0.0.1:" + fake.port(), "-e", "WHO"))
                    .run();
            assertThat(result.status()).isEqualTo(3);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).doesNotContain("\u001b").hasLineCount(1);
        }
    }

    @Test
    void refusesABlockThatNobodyCouldKeep() throws Exception {
        try (FakeServer fake = FakeServer.start("1000000000 clients of 1 at revision 1\n")) {
            assertThat(Child.of(Checkout.socketz("connect", "127.0.0.1:" + fake.port(), "-e", "WHO LONG"))
                            .run())
                    .isEqualTo(result(
                            3, "", "the server sent a block of more than 1000000 lines; not answered: WHO LONG"));
        }
    }
}
