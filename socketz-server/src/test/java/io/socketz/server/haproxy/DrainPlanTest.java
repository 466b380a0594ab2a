package io.socketz.server.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrainPlanTest {
    /** In milliseconds: timeout and notice; then when closing begins, the last turn comes, and the rest is cut. */
    @ParameterizedTest
    @CsvSource({
        "20000, 2000, 2000, 16000, 17000",
        "20000, 0, 0, 16000, 17000",
        "3000, 2000, 1500, 2400, 2700",
        "1000, 3600000, 500, 800, 900",
        "0, 2000, 0, 0, 0"
    })
    void thePlanDividesTheDrainTimeout(long timeout, long notice, long closeFrom, long closeUntil, long cutAt) {
        long now = Long.MAX_VALUE - 5_000_000_000L; // nanoTime overflows within the plan
        DrainPlan plan = DrainPlan.of(now, now + millis(timeout), millis(notice));
        assertThat(plan)
                .isEqualTo(new DrainPlan(now + millis(closeFrom), now + millis(closeUntil), now + millis(cutAt)));
    }

    @Test
    void aPlanWhoseDeadlineHasPassedEndsNow() {
        assertThat(DrainPlan.of(100, 50, 10)).isEqualTo(new DrainPlan(100, 100, 100));
    }

    private static long millis(long millis) {
        return millis * 1_000_000;
    }
}
