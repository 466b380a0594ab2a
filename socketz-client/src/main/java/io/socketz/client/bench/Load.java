package io.socketz.client.bench;

/**
 * The load on a server.
 *
 * @param lines of a reply, 1 or more
 * @param greeting lines that the server sends first on each connection, or {@link ReplyCounter#AUTO}
 * @param connections 1 or more
 * @param depth the most requests in flight on a connection, 1 or more
 * @param threads 1 to {@code connections}
 * @param rate requests a second on a schedule, over all connections; 0: as fast as answers come
 * @param warmup nanoseconds of load before the measurement
 * @param duration nanoseconds of the measurement
 * @param count the most requests in the measurement
 */
record Load(
        RequestText request,
        int lines,
        int greeting,
        int connections,
        int depth,
        int threads,
        long rate,
        long warmup,
        long duration,
        long count) {
    /** No limit on {@link #count} or on {@link #duration}: more than any clock will reach. */
    static final long NO_LIMIT = Long.MAX_VALUE / 4;

    boolean hasRate() {
        return rate > 0;
    }

    /**
     * Whether the replies that arrive within a time count, as opposed to the replies to a set of requests, whenever
     * they arrive. Otherwise many slow connections would look slower still, since requests on their way at the start
     * would not count.
     */
    boolean countsArrivals() {
        return !hasRate() && count == NO_LIMIT;
    }

    /** Whether only answers end it. */
    boolean endsByAnswers() {
        return !hasRate() && duration == NO_LIMIT;
    }

    /** The same connections and requests, as fast as answers come, for as long as this says. */
    Load unbounded(long warmup, long duration) {
        return new Load(request, lines, 0, connections, depth, threads, 0, warmup, duration, NO_LIMIT);
    }
}
