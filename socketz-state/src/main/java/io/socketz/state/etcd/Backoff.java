package io.socketz.state.etcd;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/** When to try again: after 100 ms at first, then twice as long each time up to 500 ms, less up to half of it at random. */
final class Backoff {
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(500);

    private final Random random;
    private long delay = SHORTEST;
    private long until = Long.MIN_VALUE;

    Backoff(Random random) {
        this.random = random;
    }

    /** It went wrong. */
    void onFailure(long now) {
        until = now + delay - random.nextLong(delay / 2);
        delay = Math.min(LONGEST, 2 * delay);
    }

    /** It went well. */
    void onSuccess() {
        delay = SHORTEST;
        until = Long.MIN_VALUE;
    }

    /** Not before this time. */
    long until() {
        return until;
    }

    boolean isOver(long now) {
        return now >= until;
    }
}
