package io.socketz.client.bench;

/**
 * When requests are meant to be sent: the first at {@code begin}, then evenly. Latency counts from here, however late
 * the request goes out: a server that stalls delays all that would have been sent meanwhile, too. To leave those out is
 * "coordinated omission".
 *
 * @param begin as {@link System#nanoTime}
 * @param rate a second, 1 to 1,000,000,000
 */
record Schedule(long begin, long rate) {
    private static final long SECOND = 1_000_000_000;

    /** The time of the request with that index, from 0. */
    long at(long index) {
        // By whole seconds, lest the product overflow, and without a sum of roundings.
        return begin + index / rate * SECOND + index % rate * SECOND / rate;
    }

    /** How many requests are meant to be sent before {@code end}, which is {@code begin} or later. */
    long before(long end) {
        long time = end - begin;
        return time / SECOND * rate + (time % SECOND * rate + SECOND - 1) / SECOND;
    }
}
