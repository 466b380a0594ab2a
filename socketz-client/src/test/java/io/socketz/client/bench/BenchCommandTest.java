package io.socketz.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.SocketzServer;
import io.socketz.server.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command line, on a real server. */
@Timeout(60)
class BenchCommandTest {
    private record Ended(int status, String out, String err) {}

    private static Ended bench(String... arguments) {
        return bench(Map.of(), arguments);
    }

    private static Ended bench(Map<String, String> environment, String... arguments) {
        List<String> all = new ArrayList<>(List.of("bench"));
        all.addAll(List.of(arguments));
        return execute(environment, all.toArray(String[]::new));
    }

    private static Ended execute(Map<String, String> environment, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(environment, List.of(new BenchCommand()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int status = line.execute(arguments);
        return new Ended(status, out.toString(), err.toString());
    }

    private static SocketzServer server() throws Exception {
        return SocketzServer.builder().host("127.0.0.1").port(0).start();
    }

    private static String address(SocketzServer server) {
        return "127.0.0.1:" + server.address().getPort();
    }

    @ParameterizedTest
    @ValueSource(strings = {"WHY", "who", "WHO FRESH", "WHERE", "why\\nwhy"})
    void knowsTheNumberOfLinesInAReply(String request) throws Exception {
        try (SocketzServer server = server()) {
            boolean two = request.contains("\\n");
            Ended ended = bench(
                    address(server),
                    "-c3",
                    "-P4",
                    "-n500",
                    "--warmup=0",
                    "--no-ceiling",
                    "--json",
                    "-q",
                    request,
                    two ? "--lines=2" : "--threads=2");
            assertThat(ended.err()).isEmpty();
            assertThat(ended.status()).isZero();
            assertThat(ended.out())
                    .contains(
                            "\"connections\":3,\"pipeline\":4,", "\"requests\":500,", "\"errors\":0,\"unanswered\":0,")
                    .contains("\"unasked\":0,\"connections_lost\":0,\"ceiling_per_second\":0.0}\n");
        }
    }

    @Test
    void measuresTheServerThenItself() throws Exception {
        try (SocketzServer server = server()) {
            Ended ended = bench(address(server), "-d", "200ms", "--warmup", "50ms", "--histogram");
            assertThat(ended.status()).as(ended.err()).isZero();
            assertThat(ended.out())
                    .startsWith("WHY to " + address(server) + ": 50 connections, 16 in flight on each, 1 thread\n")
                    .contains(" requests/s, ", "\nlatency     mean ", "|#")
                    .containsPattern("this tool's ceiling here: [0-9,]+ requests/s; this was \\d+ % of it\n$");
        }
    }

    @Test
    void keepsToARate() throws Exception {
        try (SocketzServer server = server()) {
            Ended ended = bench(address(server), "--rate=2000", "-d", "500ms", "--csv=-", "--no-ceiling", "-c4");
            assertThat(ended.out())
                    .contains("\n" + address(server) + ",WHY,4,16,1,2000,")
                    .contains(",1000,");
            assertThat(ended.out().lines()).hasSize(2);
        }
    }

    @Test
    void showsTheFirstErrorAndExitsWithStatusOne() throws Exception {
        try (SocketzServer server = server()) {
            Ended ended = bench(address(server), "-q", "WHEN", "-n", "10", "-c1", "--warmup=0", "--no-ceiling");
            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err())
                    .isEqualTo("socketz bench: 10 replies are errors; the first, perhaps in the warm-up:"
                            + " invalid command: use 'WHY', 'WHO', 'WHERE', 'QUIT'\n");
        }
    }

    @Test
    void writesCsvToAFileBesideTheText(@TempDir Path folder) throws Exception {
        try (SocketzServer server = server()) {
            Path file = folder.resolve("result.csv");
            Ended ended = bench(address(server), "-n100", "--no-ceiling", "--warmup=0", "--csv", file.toString());
            assertThat(ended.status()).isZero();
            assertThat(ended.out()).startsWith("WHY to ");
            assertThat(Files.readAllLines(file)).hasSize(2);
            Ended failed = bench(address(server), "-n1", "--no-ceiling", "--warmup=0", "--csv", folder.toString());
            assertThat(failed.status()).isEqualTo(1);
            assertThat(failed.out()).startsWith("WHY to ");
            assertThat(failed.err()).isEqualTo("socketz bench: --csv: cannot write " + folder + "\n");
        }
    }

    @Test
    void takesOptionsFromTheEnvironment() throws Exception {
        try (SocketzServer server = server()) {
            Map<String, String> environment = Map.of(
                    "SOCKETZ_CONNECTIONS", "2", "SOCKETZ_COUNT", "10", "SOCKETZ_JSON", "true", "SOCKETZ_WARMUP", "0s");
            Ended ended = bench(environment, address(server), "--no-ceiling");
            assertThat(ended.out()).contains("\"connections\":2,", "\"requests\":10,");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            -c 0            | Invalid value for option '--connections': '0' is not a number from 1 to 1000000
            -P 0            | Invalid value for option '--pipeline': '0' is not a number from 1 to 1000000
            -c 2 --threads 3 | Invalid value for option '--threads': '3' is not a number from 1 to 2
            -d 0            | Invalid value for option '--duration': must be more than 0
            -d 5x           | Invalid value for option '--duration': '5x' is not a time like 500ms, 1.5s, 1m30s or 2h
            -q QUIT         | Invalid value for option '--request': QUIT has no reply
            -q SERVERS      | Invalid value for option '--request': its replies have different numbers of lines: set --lines
            --request=      | Invalid value for option '--request': an empty request has no reply
            -q a\\x         | Invalid value for option '--request': only \\r, \\n, \\t and \\\\ begin with \\
            --json --csv -  | use only one of --histogram, --json and --csv -
            --rate 0        | Invalid value for option '--rate': '0' is not a number from 1 to 10000000
            --rate abc      | Invalid value for option '--rate': 'abc' is not a whole number
            --rate 0.5      | Invalid value for option '--rate': '0.5' is not a whole number
            --lines x       | Invalid value for option '--lines': 'x' is not a whole number
            -c 3000000000   | Invalid value for option '--connections': '3000000000' is too large a number
            http://a        | 'http://a' is not host:port: a URL
            a:1 b:2         | 'b:2' is not expected
            """)
    void reportsWrongOptionsInOneLine(String arguments, String message) {
        assertThat(bench(arguments.split(" ")))
                .isEqualTo(new Ended(2, "", "socketz bench: " + message + "; see 'socketz bench --help'\n"));
    }

    @Test
    void suggestsTheLikelyOption() {
        assertThat(bench("--rat=5").err())
                .isEqualTo(
                        "socketz bench: Unknown option: '--rat=5'; did you mean '--rate'? See 'socketz bench --help'\n");
        assertThat(execute(Map.of(), "bnech").err())
                .isEqualTo("socketz: 'bnech' is not a command; did you mean 'bench'? See 'socketz --help'\n");
        assertThat(execute(Map.of(), "xyzzy").err())
                .isEqualTo("socketz: 'xyzzy' is not a command; see 'socketz --help'\n");
    }

    @Test
    void reportsThatNothingListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(bench("127.0.0.1:" + port))
                .isEqualTo(new Ended(3, "", "socketz bench: 127.0.0.1:" + port + ": Connection refused\n"));
        assertThat(bench("no.such.host.invalid:1"))
                .isEqualTo(new Ended(3, "", "socketz bench: no address is known for 'no.such.host.invalid'\n"));
    }

    @Test
    void helpFitsIntoEightyColumns() {
        Ended ended = bench("--help");
        assertThat(ended.status()).isZero();
        assertThat(ended.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }
}
