package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        try (Child soak = soak("--seed=7", "--duration=1m", "--clients=20")
                .obeyingInterrupts()
                .start()) {
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

    /** The others need no process, and are in the unit tests of the commands. */
    @Test
    void reportsAWrongOptionInOneLine() throws Exception {
        assertThat(soak("--duration=0").run())
                .isEqualTo(new Child.Result(
                        2,
                        "",
                        "socketz soak: Invalid value for option '--duration': '0s' is not a time from 1s to 168h;"
                                + " see 'socketz soak --help'\n"));
    }
}
