package io.socketz.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SoakCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine line = io.socketz.server.cli.Main.commandLine(Map.of(), List.of(new SoakCommand()));
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    @Test
    void minutesIsStillUnderstoodButNotShown() {
        assertThat(run("soak", "--minutes", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("'0' is not a number from 1 to 10080");
        assertThat(run("soak", "--help")).isZero();
        assertThat(out.toString()).contains("--duration").doesNotContain("--minutes");
    }
}
