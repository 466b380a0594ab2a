package io.socketz.client.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What one thread has measured. Owned by it until it has ended, except for what is live. */
final class Tally {
    private static final long LONGEST = TimeUnit.HOURS.toNanos(1);

    /** Nanoseconds, to three digits. */
    final Histogram latency = new Histogram(LONGEST, 3);

    final ErrorLines errors = new ErrorLines();

    /** Replies to requests that count. */
    long requests;

    /** Requests that count and got no reply. */
    long unanswered;

    /** Those of them whose connection was lost. */
    long cutOff;

    /** Replies that nobody had asked for. */
    long surplus;

    /** Whether the server was silent for {@link LoadLoop#PATIENCE}. */
    boolean givenUp;

    private int lost;
    private @Nullable String firstLoss;

    /** Bytes and replies that came while it was measured, for their quotient: bytes of requests not counted are in it. */
    long bytes;

    long replies;

    /** The end of the time in which replies counted. */
    long until;

    private long nanoseconds;

    /** Live, for whoever shows the progress. */
    private final AtomicLong liveRequests = new AtomicLong();

    private final AtomicLong liveNanoseconds = new AtomicLong();

    /** @param start when the first request that counts may be sent, as {@link System#nanoTime} */
    Tally(long start) {
        this.until = start;
    }

    /** Records {@code count} replies that took that long each. */
    void record(long took, long count) {
        latency.recordValueWithCount(Math.min(took, LONGEST), count);
        requests += count;
        nanoseconds += took * count;
    }

    /** Records requests that had waited that long when nobody waited any more. */
    void recordUnanswered(long waited, long count) {
        latency.recordValueWithCount(Math.min(waited, LONGEST), count);
        unanswered += count;
    }

    /** Counts requests without a reply whose connection was lost: nobody knows how long they would have waited. */
    void loseRequests(long count) {
        unanswered += count;
        cutOff += count;
    }

    /** Counts a connection that ended before its time. */
    void lost(String why) {
        lost++;
        if (firstLoss == null) {
            firstLoss = why;
        }
    }

    int lost() {
        return lost;
    }

    /** Why the first one did; null while none has. */
    @Nullable
    String firstLoss() {
        return firstLoss;
    }

    void publish() {
        liveRequests.lazySet(requests);
        liveNanoseconds.lazySet(nanoseconds);
    }

    /** Replies until now, from any thread. */
    long liveRequests() {
        return liveRequests.get();
    }

    /** What they took together, from any thread. */
    long liveNanoseconds() {
        return liveNanoseconds.get();
    }
}
