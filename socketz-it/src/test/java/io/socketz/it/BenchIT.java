package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./socketz bench} as its users type it, on a server that is a process of its own. */
class BenchIT {
    private static Child.Result bench(String... arguments) throws Exception {
        return Child.of(Checkout.socketz(arguments)).run();
    }

    private static String address(ServerProcess server) {
        return "localhost:" + server.port();
    }

    @Test
    void measuresAServerAndItselfAndPrintsNothingElseIntoAPipe() throws Exception {
        try (ServerProcess server = ServerProcess.start()) {
            Child.Result result = bench("bench", address(server), "-d", "1s", "--warmup", "100ms");
            assertThat(result.status()).as(result.err()).isZero();
            assertThat(result.out())
                    .startsWith("WHY to " + address(server) + ": 50 connections, 16 in flight on each, 1 thread\n")
                    .contains(" requests/s, ", "\nlatency ", "this tool's ceiling here: ")
                    .doesNotContain("\r");
            // Either the tool or the server may be the slower one here.
            assertThat(result.err().lines().filter(line -> !line.contains("ceiling")))
                    .isEmpty();
        }
    }

    @Test
    void printsOneJsonObject() throws Exception {
        try (ServerProcess server = ServerProcess.start()) {
            Child.Result result = bench(
                    "bench", address(server), "-n", "1000", "-q", "WHO FRESH", "-c", "5", "--json", "--no-ceiling");
            assertThat(result.err()).isEmpty();
            assertThat(result.status()).isZero();
            assertThat(result.out())
                    .startsWith("{\"target\":\"" + address(server) + "\",\"request\":\"WHO FRESH\",\"connections\":5,")
                    .contains("\"requests\":1000,", "\"errors\":0,\"unanswered\":0,\"unasked\":0,")
                    .endsWith("}\n");
        }
    }

    @Test
    void showsProgressAndTheResultSoFarAtCtrlC(@TempDir Path directory) throws Exception {
        try (ServerProcess server = ServerProcess.start();
                Tmux terminal = Tmux.start(
                        directory, Checkout.socketz("bench", address(server), "-d", "1h", "--warmup", "100ms"))) {
            terminal.await(" requests, now ");
            terminal.press("C-c");
            assertThat(terminal.awaitExit()).isEqualTo(130);
            assertThat(terminal.screen())
                    .contains("WHY to " + address(server), " requests/s, ", "latency ")
                    .doesNotContain(" requests, now ", "Exception");
        }
    }

    @Test
    void reportsErrorsInOneLine() throws Exception {
        assertThat(bench("bench", "localhost:"))
                .isEqualTo(new Child.Result(
                        2,
                        "",
                        "socketz bench: 'localhost:' is not host:port: port 0 to 65535; see 'socketz bench --help'\n"));
        assertThat(bench("bench", "no.such.host.invalid:5151"))
                .isEqualTo(new Child.Result(3, "", "socketz bench: no address is known for 'no.such.host.invalid'\n"));
    }

    @Test
    void reportsHowManyConnectionsTheLimitOnOpenFilesAllows() throws Exception {
        try (ServerProcess server = ServerProcess.start()) {
            Child.Result result = Child.of(Checkout.socketz("bench", address(server), "-c", "500"))
                    .shell("ulimit -n 200; exec \"$@\"")
                    .run();
            assertThat(result.status()).isEqualTo(3);
            assertThat(result.out()).isEmpty();
            assertThat(result.err())
                    .matches("socketz bench: \\S+: \\d+ of 500 connections, then too many open files: use a smaller"
                            + " -c, or raise ulimit -n\n");
        }
    }
}
