package io.socketz.client.repl;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** How often something happens, over the last five whole seconds. Not thread-safe. */
final class RecentRate {
    private static final int SECONDS = 5;
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long begun;

    /** What has happened in each of the last seconds, and in this one: that of second n is at n modulo its length. */
    private final long[] counts = new long[SECONDS + 1];

    /** The current second since {@link #begun}. */
    private long second;

    /** @param now as {@link System#nanoTime} */
    RecentRate(long now) {
        this.begun = now;
    }

    /** It has happened so many times. */
    void add(long count, long now) {
        advance(now);
        counts[index(second)] += count;
    }

    /** Times a second; 0 within the first second. */
    double perSecond(long now) {
        advance(now);
        long sum = Arrays.stream(counts).sum() - counts[index(second)];
        return second == 0 ? 0 : (double) sum / Math.min(second, SECONDS);
    }

    private void advance(long now) {
        long current = (now - begun) / SECOND_NANOS;
        for (long each = Math.max(second + 1, current - SECONDS); each <= current; each++) {
            counts[index(each)] = 0;
        }
        second = Math.max(second, current);
    }

    private int index(long second) {
        return (int) (second % counts.length);
    }
}
