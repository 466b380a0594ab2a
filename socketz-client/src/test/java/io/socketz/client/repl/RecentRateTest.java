package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentRateTest {
    /** Anywhere, as {@link System#nanoTime} may be; so that the sum overflows. */
    private static final long BEGUN = Long.MAX_VALUE - 2;

    private final RecentRate rate = new RecentRate(BEGUN);

    private static long after(double seconds) {
        return BEGUN + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void isNoneWithinTheFirstSecond() {
        rate.add(7, after(0.5));
        assertThat(rate.perSecond(after(0.9))).isZero();
        assertThat(rate.perSecond(after(1))).isEqualTo(7);
    }

    @Test
    void isThatOfTheLastFiveWholeSeconds() {
        for (int second = 0; second < 10; second++) {
            rate.add(second, after(second));
            rate.add(1, after(second + 0.999));
        }
        assertThat(rate.perSecond(after(9.9))).isEqualTo((5 + 6 + 7 + 8 + 9) / 5.0);
        assertThat(rate.perSecond(after(10))).isEqualTo((6 + 7 + 8 + 9 + 10) / 5.0);
        assertThat(rate.perSecond(after(13.5))).isEqualTo((9 + 10) / 5.0);
        assertThat(rate.perSecond(after(15))).isZero();
    }

    @Test
    void forgetsEverythingInALongSilence() {
        rate.add(1_000, after(2));
        rate.add(5, after(1_000.5));
        assertThat(rate.perSecond(after(1_000.9))).isZero();
        assertThat(rate.perSecond(after(1_001))).isEqualTo(1);
    }
}
