package io.socketz.server;

import java.util.random.RandomGenerator;

/**
 * Moments at random, yet evenly: each of {@code count} equal parts of a time has one. So there is no crowd, as there
 * would be by pure chance, and no beat that others could fall into.
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

    /** The next moment, later than the one before or the same; the {@code count}th is the last. */
    long next() {
        return from + (long) (length * ((given++ + random.nextDouble()) / count));
    }
}
