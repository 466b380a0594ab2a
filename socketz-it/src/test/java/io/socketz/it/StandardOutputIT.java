package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands whose standard output is closed, full, or not read. */
class StandardOutputIT {
    private static Child.Result run(String script, String... arguments) throws Exception {
        return Child.of(Checkout.socketz(arguments)).shell(script).run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "connect --help", "completion"})
    void aClosedOrFullStandardOutputIsAnError(String arguments) throws Exception {
        assumeThat(Path.of("/dev/full")).exists();
        for (String where : List.of(">&-", ">/dev/full")) {
            Child.Result result = run("\"$@\" " + where, arguments.split(" "));
            assertThat(result.err()).as(where).matches("socketz( \\w+)?: cannot write standard output: .+\n");
            assertThat(result.status()).as(where).isEqualTo(1);
        }
    }

    @Test
    void aClosedStandardOutputIsAnErrorForAScriptEvenIfTheServerAnswers() throws Exception {
        try (ServerProcess server = ServerProcess.start()) {
            Child.Result result = run("\"$@\" >&-", "connect", "127.0.0.1:" + server.port(), "-e", "WHY");
            assertThat(result.err()).matches("socketz connect: cannot write standard output: .+\n");
            assertThat(result.status()).isEqualTo(1);
        }
    }

    @Test
    void aReaderThatHasGoneIsNoError() throws Exception {
        assertThat(run("\"$@\" | true; echo ${PIPESTATUS[0]}", "completion")).isEqualTo(new Child.Result(0, "0\n", ""));
    }
}
