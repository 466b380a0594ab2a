package io.socketz.client.bench;

/**
 * The load on a server.
 *
 * @param lines of a reply, 1 or more
 * @param greeting lines that the server says of itself to each connection, or {@link ReplyCounter#AUTO}
 * @param connections 1 or more
 * @param depth requests in flight on a connection at most, 1 or more
 * @param threads 1 to {@code connections}
 * @param rate requests a second by schedule, over all connections; 0: as fast as answers come
 * @param warmup nanoseconds of load before what is measured
 * @param duration nanoseconds of what is measured
 * @param count requests at most of what is measured
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
    /** No limit on {@link #count}, or on {@link #duration}: more than any clock will show. */
    static final long NO_LIMIT = Long.MAX_VALUE / 4;

    boolean hasRate() {
        return rate > 0;
    }

    /**
     * Whether what counts are the replies that come in a time, as opposed to those to certain requests, whenever they
     * come. Else many slow connections would look slower still: what is on its way at the start would not count.
     */
    boolean countsArrivals() {
        return !hasRate() && count == NO_LIMIT;
    }

    /** Whether nothing but answers ends it. */
    boolean endsByAnswers() {
        return !hasRate() && duration == NO_LIMIT;
    }

    /** The same connections and requests, as fast as answers come, for as long as this says. */
    Load unbounded(long warmup, long duration) {
        return new Load(request, lines, 0, connections, depth, threads, 0, warmup, duration, NO_LIMIT);
    }
}
