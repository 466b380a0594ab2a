package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A server that runs out of file descriptors, or is limited before that. Its number of loops is given, since each takes
 * descriptors, and there would be one for each processor.
 */
class DescriptorsIT {
    private static final String EXHAUSTED = "cannot accept connections: ";
    private static final String RECOVERED = "accepting connections again";

    /** Some ten attempts to accept. */
    private static final Duration WHILE = Duration.ofSeconds(1);

    private final List<PlainClient> clients = new ArrayList<>();

    @AfterEach
    void leave() throws Exception {
        for (PlainClient client : clients) {
            client.close();
        }
    }

    private PlainClient connect(ServerProcess server) throws Exception {
        PlainClient client = PlainClient.connect(server.port());
        clients.add(client);
        return client;
    }

    private void connect(ServerProcess server, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            connect(server);
        }
    }

    private static Child.Builder withDescriptors(int limit, String... options) throws Exception {
        return ServerProcess.command(options).shell("ulimit -n " + limit + "; exec \"$@\"");
    }

    /**
     * No connection of HAProxy, not even a health check, may fail because of that: HAProxy would take the server for
     * dead.
     */
    @Test
    void warnsOnceRefusesTheSurplusAnswersChecksAndRecovers() throws Exception {
        try (ServerProcess server =
                ServerProcess.start("--proxy-from", "127.0.0.2", "--agent-port", "0", "--loops", "2")) {
            PlainClient first = connect(server);
            assertThat(first.line()).isEqualTo(PlainClient.GREETING);
            limitDescriptors(server, openDescriptors(server) + 20);
            String line = connect(server).line();
            while (line.equals(PlainClient.GREETING)) {
                line = connect(server).line();
            }
            assertThat(line).startsWith("error TOO_MANY_CONNECTIONS max ");
            server.awaitWarning(EXHAUSTED);

            assertThat(server.cpuTimeDuring(WHILE)).isLessThan(WHILE.dividedBy(2));
            assertThat(first.ask("WHY")).isEqualTo("42");
            PlainClient agent = PlainClient.connect(server.agentPort());
            agent.send("WHY\nQUIT\n");
            assertThat(agent.rest()).matches("up \\d+%\n42\n");
            PlainClient check = PlainClient.connectFrom("127.0.0.2", server.port());
            check.send("PROXY UNKNOWN\r\nWHY\nQUIT\n");
            assertThat(check.rest()).isEqualTo(PlainClient.GREETING + "\n42\n");
            assertThat(warnings(server)).singleElement().asString().startsWith(EXHAUSTED);

            limitDescriptors(server, 1_000);
            server.awaitWarning(RECOVERED);
            assertThat(connect(server).line()).isEqualTo(PlainClient.GREETING);
        }
    }

    private static long openDescriptors(ServerProcess server) throws Exception {
        try (Stream<Path> open =
                Files.list(Path.of("/proc/" + server.process().handle().pid() + "/fd"))) {
            return open.count();
        }
    }

    private static void limitDescriptors(ServerProcess server, long limit) throws Exception {
        Process prlimit = new ProcessBuilder(
                        "prlimit", "--pid", "" + server.process().handle().pid(), "--nofile=" + limit + ":")
                .start();
        assertThat(prlimit.waitFor()).isZero();
    }

    private static List<String> warnings(ServerProcess server) {
        return server.process().err().lines();
    }

    @Test
    void byDefaultAdmitsAsManyAsThereAreDescriptorsFor() throws Exception {
        try (ServerProcess server = ServerProcess.start(withDescriptors(260, "--loops", "2"))) {
            int served = 0;
            String line = connect(server).line();
            while (line.equals(PlainClient.GREETING)) {
                served++;
                line = connect(server).line();
            }
            assertThat(line).isEqualTo("error TOO_MANY_CONNECTIONS max " + served);
            assertThat(served).isBetween(80, 199);
            assertThat(clients.get(served).rest()).isEmpty();
            assertThat(server.awaitLine("TOO_MANY"))
                    .isEqualTo("connection closed: " + clients.get(served).address() + " TOO_MANY_CONNECTIONS (max "
                            + served + ")");
            for (PlainClient client : clients.subList(0, served)) {
                assertThat(client.ask("WHY")).isEqualTo("42");
            }
            clients.get(0).close();
            awaitRoom(server);
            assertThat(warnings(server)).isEmpty();
        }
    }

    private void awaitRoom(ServerProcess server) throws Exception {
        Polling.until(() -> connect(server).line(), PlainClient.GREETING::equals, "no room though one has left");
    }

    @Test
    void reportsInOneLineThatThereAreTooFewDescriptorsForItsLoops() throws Exception {
        Child.Result result = ServerProcess.command("--loops", "100")
                .shell("ulimit -n 64; exec \"$@\"")
                .run();
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err().lines()).singleElement().asString().startsWith("socketz serve: cannot ");
    }

    @Test
    void admitsNoMoreThanThereAreDescriptorsForWhateverTheOption() throws Exception {
        try (ServerProcess server =
                ServerProcess.start(withDescriptors(200, "--loops", "2", "--max-connections", "10000"))) {
            String warning = server.awaitWarning("ulimit -n");
            int most = Integer.parseInt(warning.replaceAll(".*room for (\\d+) connections.*", "$1"));
            assertThat(most).isBetween(50, 150);
            connect(server, most);
            assertThat(clients.get(most - 1).line()).isEqualTo(PlainClient.GREETING);
            assertThat(connect(server).line()).isEqualTo("error TOO_MANY_CONNECTIONS max " + most);
            assertThat(warnings(server)).hasSize(1);
        }
    }

    /**
     * This happened, with 64 loops and 1,024 descriptors: it waited unanswered, since loops took more descriptors than
     * were set aside.
     */
    @Test
    void answersTheOneTooManyWithAnyNumberOfLoops() throws Exception {
        try (ServerProcess server = ServerProcess.start(withDescriptors(300, "--loops", "40"))) {
            connect(server, 300);
            Polling.until(
                    server.process()::printed,
                    printed -> printed.contains("TOO_MANY_CONNECTIONS") || printed.contains(EXHAUSTED),
                    "it takes them all");
            assertThat(warnings(server)).isEmpty();
        }
    }
}
