package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real process, and its reported health. */
@Timeout(60)
class DaemonTest {
    @TempDir
    Path folder;

    private String program = "true";
    private Daemon daemon;

    @BeforeEach
    void make() {
        daemon = new Daemon("daemon01", 0, folder.resolve("log")) {
            @Override
            String kind() {
                return "daemon";
            }

            @Override
            ProcessBuilder command() {
                return new ProcessBuilder(program.split(" "));
            }

            @Override
            boolean isHealthy() {
                return true;
            }
        };
    }

    @AfterEach
    void end() {
        daemon.kill();
    }

    private void expect(Daemon.Health health, boolean ended, boolean awake) {
        assertThat(daemon.condition()).isEqualTo(Condition.of(health));
        assertThat(daemon.hasEnded()).isEqualTo(ended);
        assertThat(daemon.isAwake()).isEqualTo(awake);
    }

    @Test
    void reportsHowItHasEnded() {
        program = "sleep 1000";
        expect(Daemon.Health.STOPPED, false, false);
        daemon.start();
        expect(Daemon.Health.HEALTHY, false, true);
        daemon.kill();
        expect(Daemon.Health.KILLED, false, false);
        daemon.start();
        daemon.terminate();
        assertThat(daemon.awaitEnd(Duration.ofSeconds(20))).isTrue();
        expect(Daemon.Health.STOPPED, false, false);
        program = "true";
        daemon.start();
        assertThat(daemon.awaitEnd(Duration.ofSeconds(20))).isTrue();
        expect(Daemon.Health.ENDED, true, true);
    }

    @Test
    void aFailedStartDoesNotChangeItsHealth() {
        program = "sleep 1000";
        daemon.start();
        daemon.kill();
        assertThat(daemon.log().toFile().delete()).isTrue();
        assertThat(folder.toFile().delete()).isTrue(); // so that its log cannot be written
        assertThatThrownBy(daemon::start)
                .isInstanceOf(TopologyException.class)
                .hasMessageStartingWith("cannot start daemon01: ");
        expect(Daemon.Health.KILLED, false, false);
    }

    /** A server would end at the second signal, and cut its clients off. */
    @Test
    void isToldOnlyOnceToStop() throws Exception {
        Path script = folder.resolve("script");
        Files.writeString(script, "trap 'echo told' TERM; while :; do echo turn; sleep 0.05; done");
        program = "sh " + script;
        daemon.start();
        Polling.until(() -> count("turn"), turns -> turns > 0, "it does not run");
        daemon.terminate();
        Polling.until(() -> count("told"), told -> told == 1, "it is not told");
        daemon.terminate();
        long turns = count("turn");
        Polling.until(() -> count("turn"), now -> now > turns + 2, "it does not run any more");
        assertThat(count("told")).isEqualTo(1);
    }

    private long count(String line) throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log)
                ? Files.readAllLines(log).stream().filter(line::equals).count()
                : 0;
    }
}
