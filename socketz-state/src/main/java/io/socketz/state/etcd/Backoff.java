package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * When to try again: after 100 ms at first, then after twice as long each time, up to 500 ms, or up to 4 s if etcd has
 * refused; a random part of up to half is taken off.
 */
final class Backoff {
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Somebody has to change something first, and each refused password costs etcd a tenth of a second of CPU time. */
    private static final long LONGEST_REFUSED_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final Random random;
    private long delay = SHORTEST_NANOS;
    private long until = Long.MIN_VALUE;

    Backoff(Random random) {
        this.random = random;
    }

    /** A request has failed. */
    void onFailure(long now, Kind kind) {
        long longest = kind.isRefusal() ? LONGEST_REFUSED_NANOS : LONGEST_NANOS;
        long pause = Math.min(longest, delay);
        until = now + pause - random.nextLong(pause / 2);
        delay = Math.min(longest, 2 * pause);
    }

    /** A request has succeeded. */
    void onSuccess() {
        delay = SHORTEST_NANOS;
        until = Long.MIN_VALUE;
    }

    /** When the next attempt may be made. */
    long until() {
        return until;
    }

    boolean isOver(long now) {
        return now >= until;
    }
}
