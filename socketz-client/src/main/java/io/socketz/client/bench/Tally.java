package io.socketz.client.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What one thread has measured. Owned by it until it has ended, except for the live figures. */
final class Tally {
    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

    /** In nanoseconds, to three digits. */
    final Histogram latency = new Histogram(LONGEST_NANOS, 3);

    final ErrorLines errors = new ErrorLines();

    /** Replies to counted requests. */
    long requests;

    /** Counted requests without a reply. */
    long unanswered;

    /** Of the unanswered, those whose connection was lost. */
    long cutOff;

    /** Replies that answer no request. */
    long surplus;

    /** Whether the server was silent for {@link LoadLoop#PATIENCE_NANOS}. */
    boolean givenUp;

    private int lost;
    private @Nullable String firstLoss;

    /**
     * Bytes and replies that came during the measurement, for bytes per reply; replies to requests that do not count
     * are among them.
     */
    long bytes;

    long replies;

    /** When replies ceased to count. */
    long until;

    private long nanoseconds;

    /** Live figures, for the progress line. */
    private final AtomicLong liveRequests = new AtomicLong();

    private final AtomicLong liveNanoseconds = new AtomicLong();

    /** @param start when the first counted request may be sent, as {@link System#nanoTime} */
    Tally(long start) {
        this.until = start;
    }

    /** Records {@code count} replies that took that long each. */
    void record(long took, long count) {
        latency.recordValueWithCount(Math.min(took, LONGEST_NANOS), count);
        requests += count;
        nanoseconds += took * count;
    }

    /** Records requests that had waited that long at the end. */
    void recordUnanswered(long waited, long count) {
        latency.recordValueWithCount(Math.min(waited, LONGEST_NANOS), count);
        unanswered += count;
    }

    /** Counts requests whose connection was lost before the reply: how long they would have waited is unknown. */
    void loseRequests(long count) {
        unanswered += count;
        cutOff += count;
    }

    /** Counts a connection that the server ended, or that broke. */
    void lost(String why) {
        lost++;
        if (firstLoss == null) {
            firstLoss = why;
        }
    }

    int lost() {
        return lost;
    }

    /** Why the first connection was lost; null while none was. */
    @Nullable
    String firstLoss() {
        return firstLoss;
    }

    void publish() {
        liveRequests.lazySet(requests);
        liveNanoseconds.lazySet(nanoseconds);
    }

    /** Replies so far. From any thread. */
    long liveRequests() {
        return liveRequests.get();
    }

    /** The sum of their latencies, in nanoseconds. From any thread. */
    long liveNanoseconds() {
        return liveNanoseconds.get();
    }
}
