package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./socketz soak} as people type it. What it does for long is in {@link TopologySoakIT}. */
class SoakIT {
    @TempDir
    Path temporary;

    private Child.Builder soak(String... options) throws Exception {
        List<String> command = Checkout.socketz("soak");
        command.addAll(List.of(options));
        return Child.of(command).environment("SOCKETZ_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
    }

    @Test
    void printsItsSeedAndEachFaultAndLeavesNothingWhenInterrupted() throws Exception {
        try (Child soak = soak("--seed=7", "--duration=1m", "--clients=20").start()) {
            soak.out().await("starting server01"); // one after the other: each may take long
            soak.out().await("starting haproxy01");
            soak.out().await(" kill -");
            soak.signal("INT");
            Child.Result result = soak.await();
            assertThat(result.out())
                    .startsWith("seed 7: ./socketz soak --duration 1m --seed 7 --clients 20\nstarting etcd01, ");
            assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
            assertThat(result.err()).isEqualTo("socketz soak: ended early\n");
            assertThat(result.status()).isEqualTo(1);
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --duration=0   | Invalid value for option '--duration': '0s' is not a time from 1s to 168h
                    --duration=5x  | Invalid value for option '--duration': '5x' is not a time like 500ms, 1.5s, 1m30s or 2h
                    --clients=2001 | Invalid value for option '--clients': '2001' is not a number from 1 to 2000
                    --seed=x       | Invalid value for option '--seed': 'x' is not a whole number
                    """, quoteCharacter = '"')
    void reportsWrongOptionsInOneLine(String option, String message) throws Exception {
        assertThat(soak(option).run())
                .isEqualTo(new Child.Result(2, "", "socketz soak: " + message + "; see 'socketz soak --help'\n"));
    }
}
