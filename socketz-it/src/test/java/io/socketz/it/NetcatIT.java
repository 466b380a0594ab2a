package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shell pipelines that end in a real nc. */
class NetcatIT {
    private static final String GREETING = PlainClient.GREETING + "\n";

    @TempDir
    Path directory;

    @AutoClose
    private ServerProcess server;

    private String nc = "";

    @BeforeEach
    void start() throws Exception {
        String program = Checkout.tool("nc");
        // The heap is too small to keep what is sent.
        server = ServerProcess.start(ServerProcess.command().environment("SOCKETZ_JAVA_OPTS", "-Xmx24m"));
        nc = program + " 127.0.0.1 " + server.port();
    }

    private static Child.Builder shell(String script) {
        return Child.of(List.of("bash", "-c", script));
    }

    /** An nc that closes its side at the end of its input: some need an option for that. */
    private String halfClosingNc() throws Exception {
        Child.Result help = Child.of(List.of("nc", "-h")).run();
        return (help.out() + help.err()).contains("Shutdown the network socket") ? nc.replaceFirst("nc", "nc -N") : nc;
    }

    @Test
    void answersWhatAScriptAsks() throws Exception {
        Child.Result result = shell("printf 'WHY\\nWHO\\nQUIT\\n' | " + nc).run();
        String address = server.awaitLine("connection from: ").substring("connection from: ".length());
        assertThat(result)
                .isEqualTo(new Child.Result(
                        0, GREETING + "42\nclient list: {'" + address + "'}\nconnected clients: 1\n", ""));
    }

    @Test
    void answersAClientThatHasEndedItsSide() throws Exception {
        Child.Result result = shell("printf 'WHY\\r\\nWHERE\\nnonsense\\nWHY' | " + halfClosingNc())
                .run();
        assertThat(result)
                .isEqualTo(new Child.Result(0, GREETING + "42\n" + server.id() + "\ninvalid command: " + GREETING, ""));
    }

    @Test
    void answersAHundredThousandLinesInOrder() throws Exception {
        Path requests = directory.resolve("requests");
        Files.writeString(requests, "WHY\nWHERE\nwhat\nWHY\n".repeat(25_000));
        Child.Result result = shell(halfClosingNc()).input(requests).run();
        assertThat(result.status()).isZero();
        String replies = "42\n" + server.id() + "\ninvalid command: " + GREETING + "42\n";
        assertThat(result.out().equals(GREETING + replies.repeat(25_000)))
                .as(() -> "an answer each, in order; got " + result.out().length() + " characters")
                .isTrue();
    }

    @Test
    void acceptsAHundredMegabytesWithoutALineEndWhileOthersAreAnswered() throws Exception {
        try (PlainClient bystander = PlainClient.greeted(server.port());
                Child burst = shell("{ head -c 100000000 /dev/zero; printf '\\nWHY\\nQUIT\\n'; } | " + nc)
                        .start()) {
            do {
                assertThat(bystander.ask("WHY")).isEqualTo("42");
            } while (burst.isAlive());
            assertThat(burst.await())
                    .isEqualTo(new Child.Result(0, GREETING + "error LINE_TOO_LONG max 1024 bytes\n42\n", ""));
        }
    }
}
