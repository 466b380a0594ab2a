package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * When to try again: after 100 ms at first, then twice as long each time up to 500 ms, or to 4 s where etcd has refused;
 * less up to half of it at random.
 */
final class Backoff {
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(500);

    /** Somebody has to change something first, and every refused password costs etcd a tenth of a second of its CPU. */
    private static final long LONGEST_REFUSED = TimeUnit.SECONDS.toNanos(4);

    private final Random random;
    private long delay = SHORTEST;
    private long until = Long.MIN_VALUE;

    Backoff(Random random) {
        this.random = random;
    }

    /** It went wrong. */
    void onFailure(long now, Kind kind) {
        long longest = kind.isRefusal() ? LONGEST_REFUSED : LONGEST;
        long pause = Math.min(longest, delay);
        until = now + pause - random.nextLong(pause / 2);
        delay = Math.min(longest, 2 * pause);
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
