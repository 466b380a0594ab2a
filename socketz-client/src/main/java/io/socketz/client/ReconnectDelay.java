package io.socketz.client;

import java.util.Random;

/**
 * How long to wait before the next round: at random between nothing and a longest wait, which doubles from one round to
 * the next (full jitter). Clients that lost the same server at the same moment come back one by one. Times are nanoseconds.
 */
final class ReconnectDelay {
    private final long min;
    private final long max;
    private final Random random;
    private long longest;

    /** Waits {@code min} at most at first, {@code max} at most ever. */
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

    /** A connection ended that had lasted this long: from {@code max} on the servers are well, and it begins anew. */
    void onLost(long lasted) {
        if (lasted >= max) {
            longest = min;
        }
    }
}
