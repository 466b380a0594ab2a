package io.socketz.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ReconnectDelayTest {
    private static final long SEED = Long.getLong("socketz.seed", System.nanoTime());

    /** Draws the longest possible wait. */
    private static final class Longest extends Random {
        private static final long serialVersionUID = 1;

        @Override
        public long nextLong(long bound) {
            return bound - 1;
        }
    }

    @Test
    void doublesUpToTheLimit() {
        ReconnectDelay backoff = new ReconnectDelay(100, 1000, new Longest());
        for (long longest : new long[] {100, 200, 400, 800, 1000, 1000, 1000}) {
            assertThat(backoff.next()).isEqualTo(longest - 1);
        }
    }

    @Test
    void isDrawnFromZeroToTheLimit() {
        ReconnectDelay backoff = new ReconnectDelay(1000, 1000, new Random(SEED));
        long least = 1000;
        long most = 0;
        for (int i = 0; i < 1000; i++) {
            long wait = backoff.next();
            least = Math.min(least, wait);
            most = Math.max(most, wait);
        }
        assertThat(least).as("seed %d", SEED).isBetween(0L, 100L);
        assertThat(most).as("seed %d", SEED).isBetween(900L, 999L);
    }

    @Test
    void beginsAnewOnlyAfterAConnectionThatLasted() {
        ReconnectDelay backoff = new ReconnectDelay(100, 1000, new Longest());
        backoff.next();
        backoff.next();
        backoff.onLost(999);
        assertThat(backoff.next()).isEqualTo(399);
        backoff.onLost(1000);
        assertThat(backoff.next()).isEqualTo(99);
    }

    @Test
    void survivesTheLongestTimes() {
        ReconnectDelay backoff = new ReconnectDelay(Long.MAX_VALUE / 3, Long.MAX_VALUE, new Longest());
        for (int i = 0; i < 5; i++) {
            assertThat(backoff.next()).isPositive();
        }
    }
}
