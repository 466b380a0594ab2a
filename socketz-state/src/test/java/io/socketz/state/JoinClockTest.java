package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class JoinClockTest {
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

    private long millis = 1_000_000_000;
    private final JoinClock clock = new JoinClock(() -> Instant.ofEpochMilli(millis), Duration.ofSeconds(1));

    @Test
    void aSmallStepBackDoesNotChangeTheOrder() {
        long before = clock.stamp();
        millis -= 1_000;
        assertThat(clock.stamp()).isEqualTo(before);
        millis += 1_001;
        assertThat(clock.stamp()).isEqualTo(before + 1);
    }

    /** A client that joins after the correction is in its right place among the clients of other servers. */
    @Test
    void aClockThatWasAnHourAheadStampsCorrectlyOnceCorrected() {
        millis += HOUR_MILLIS;
        clock.stamp();
        millis -= HOUR_MILLIS;
        assertThat(clock.stamp()).isEqualTo(millis);
        millis += 5;
        assertThat(clock.stamp()).isEqualTo(millis);
    }

    @Test
    void aServerAloneKeepsItsOrderWhateverTheClockDoes() {
        JoinClock alone = new JoinClock(() -> Instant.ofEpochMilli(millis), Duration.ofMillis(Long.MAX_VALUE));
        long before = alone.stamp();
        millis -= HOUR_MILLIS;
        assertThat(alone.stamp()).isEqualTo(before);
    }
}
