package io.socketz.server.haproxy;

import java.util.random.RandomGenerator;

/**
 * Random times, yet evenly spread: a period is divided into {@code count} equal parts, and each has one. So there is no
 * crowd, as there would be with purely random times, and no beat that others could fall into.
 */
final class EvenSpread {
    private final long from;
    private final long length;
    private final int count;
    private final RandomGenerator random;
    private int given;

    /** @param until not before {@code from}; both as {@link System#nanoTime} */
    EvenSpread(long from, long until, int count, RandomGenerator random) {
        this.from = from;
        this.length = until - from;
        this.count = count;
        this.random = random;
    }

    /** The next time, not before the previous one; the {@code count}th is the last. */
    long next() {
        return from + (long) (length * ((given++ + random.nextDouble()) / count));
    }
}
