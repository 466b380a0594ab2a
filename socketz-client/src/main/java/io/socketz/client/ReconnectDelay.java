package io.socketz.client;

import java.util.Random;

/**
 * How long to wait before the next round: a random time up to a limit, which doubles from one round to the next (full
 * jitter). So clients that lost the same server at the same moment come back one by one. Times are nanoseconds.
 */
final class ReconnectDelay {
    private final long min;
    private final long max;
    private final Random random;
    private long longest;

    /** The limit is {@code min} at first, and grows up to {@code max}. */
    ReconnectDelay(long min, long max, Random random) {
        this.min = min;
        this.max = max;
        this.random = random;
        this.longest = min;
    }

    /** The next wait. */
    long next() {
        long wait = longest == 0 ? 0 : random.nextLong(longest);
        longest = longest > max / 2 ? max : 2 * longest;
        return wait;
    }

    /**
     * A connection ended that had lasted this long: after {@code max} the servers count as healthy, and the limit is
     * small again.
     */
    void onLost(long lasted) {
        if (lasted >= max) {
            longest = min;
        }
    }
}
