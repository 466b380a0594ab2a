package io.socketz.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long START = 1_000 * MILLISECOND;

    private final Window window = new Window(0, START, Load.NO_LIMIT);
    private final Progress progress = Progress.none();

    private String lineAt(long millis, long requests, long eachMicros) {
        return progress.line(window, requests, requests * eachMicros * 1_000, START + millis * MILLISECOND);
    }

    @Test
    void showsTheRateFromTheStart() {
        assertThat(progress.line(window, 0, 0, START - 1)).isEqualTo("warming up");
        assertThat(lineAt(250, 5_000, 81)).isEqualTo("0.3 s, 5,000 requests, now 20,000/s in 81.0 us each");
    }

    @Test
    void showsTheLastSecond() {
        for (int tick = 1; tick <= 8; tick++) {
            lineAt(250L * tick, 5_000L * tick, 100);
        }
        assertThat(lineAt(2_250, 40_000, 100)).isEqualTo("2.3 s, 40,000 requests, now 15,000/s in 100 us each");
    }

    @Test
    void showsLowRatesWithoutFlicker() {
        assertThat(lineAt(250, 1, 100)).endsWith("now 4.00/s in 100 us each");
        for (int tick = 2; tick <= 40; tick++) {
            String line = lineAt(250L * tick, (tick + 3) / 4, 100);
            if (tick >= 4) {
                assertThat(line).endsWith("now 1.00/s in 100 us each");
            }
        }
    }

    @Test
    void showsForHowLongNothingCame() {
        lineAt(250, 1_000, 100);
        lineAt(500, 1_000, 100);
        lineAt(750, 1_000, 100);
        lineAt(1_000, 1_000, 100);
        lineAt(1_250, 1_000, 100);
        assertThat(lineAt(1_500, 1_000, 100)).isEqualTo("1.5 s, 1,000 requests, no reply for 1.3 s");
        assertThat(lineAt(1_750, 1_001, 100)).doesNotContain("no reply");
    }
}
