package io.socketz.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.SocketzServer;
import io.socketz.server.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command line, on a real server. */
@Timeout(60)
class ServersCommandTest {
    private record Ended(int status, String out, String err) {}

    private static Ended servers(String... arguments) {
        List<String> all = new ArrayList<>(List.of("servers"));
        all.addAll(List.of(arguments));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(Map.of(), List.of(new ServersCommand()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        int status = line.execute(all.toArray(String[]::new));
        return new Ended(status, out.toString(), err.toString());
    }

    @Test
    void asksTheFirstServerThatAnswers() throws Exception {
        try (SocketzServer server =
                SocketzServer.builder().host("127.0.0.1").port(0).name("s1").start()) {
            String addresses = "127.0.0.1:" + closedPort() + ",127.0.0.1:"
                    + server.address().getPort();
            Ended table = servers(addresses);
            assertThat(table.err()).isEmpty();
            assertThat(table.status()).isZero();
            String id = server.member().id().toString();
            assertThat(table.out().lines())
                    .hasSize(3)
                    .anyMatch(row ->
                            row.matches("s1 +" + id.substring(0, 8) + " +127\\.0\\.0\\.1:\\d+ +up +1 +\\d+s +\\S+"));
            assertThat(servers("--json", addresses).out())
                    .startsWith("{\"answered\":\"" + id + "\",")
                    .contains("\"name\":\"s1\"", "\"state\":\"up\"")
                    .endsWith("}]}\n")
                    .hasLineCount(1);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void saysInOneLineThatNoServerAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + silent.getLocalPort();
            Ended ended = servers("--timeout=100ms", address);
            assertThat(ended.status()).isEqualTo(ExitStatus.NO_CONNECTION);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err())
                    .startsWith("socketz servers: no connection: " + address)
                    .hasLineCount(1);
        }
    }

    @Test
    void helpFitsIntoEightyColumns() {
        assertThat(servers("--help").out().lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --timeout=0       | Invalid value for option '--timeout': must be 1ms or more
                    localhost:x       | 'x'
                    --jsno            | did you mean '--json'?
                    """)
    void reportsWrongUseInOneLine(String argument, String message) {
        Ended ended = servers(argument);
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err())
                .startsWith("socketz servers: ")
                .contains(message)
                .hasLineCount(1);
    }
}
