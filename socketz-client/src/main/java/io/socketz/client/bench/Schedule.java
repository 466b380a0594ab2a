package io.socketz.client.bench;

/**
 * When requests should be sent: the first at {@code begin}, then evenly. Latency counts from this time, however late
 * the request goes out: a server that stalls also delays the requests that should have been sent meanwhile. To leave
 * those out is "coordinated omission".
 *
 * @param begin as {@link System#nanoTime}
 * @param rate a second, 1 to 1,000,000,000
 */
record Schedule(long begin, long rate) {
    private static final long SECOND_NANOS = 1_000_000_000;

    /** The time of the request with that index, from 0. */
    long at(long index) {
        // Whole seconds first, so that the product does not overflow, and without adding up rounding errors.
        return begin + index / rate * SECOND_NANOS + index % rate * SECOND_NANOS / rate;
    }

    /** How many requests should be sent before {@code end}, which is {@code begin} or later. */
    long before(long end) {
        long time = end - begin;
        return time / SECOND_NANOS * rate + (time % SECOND_NANOS * rate + SECOND_NANOS - 1) / SECOND_NANOS;
    }
}
