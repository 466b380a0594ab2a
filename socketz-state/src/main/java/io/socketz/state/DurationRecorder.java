package io.socketz.state;

import io.socketz.state.DurationHistogram.Bucket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts durations for a {@link DurationHistogram}. From any thread; recording makes no object. For the server's own use. */
public final class DurationRecorder {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    /** From a millisecond to a few seconds: what somebody waits for. */
    private static final long[] WAITS_MILLIS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000};

    /** From a tenth of a second, a health check, to a day. */
    private static final long[] LIVES_MILLIS = {
        100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000
    };

    private final long[] boundsNanos;

    /** How often it took no longer than each bound, and longer than the one before. */
    private final AtomicLongArray counts;

    private final AtomicLong sumNanos = new AtomicLong();

    private DurationRecorder(long[] boundsMillis) {
        this.boundsNanos =
                Arrays.stream(boundsMillis).map(TimeUnit.MILLISECONDS::toNanos).toArray();
        this.counts = new AtomicLongArray(boundsMillis.length + 1);
    }

    /** For what somebody waits for: bounds from 1 ms to 5 s. */
    public static DurationRecorder ofWaits() {
        return new DurationRecorder(WAITS_MILLIS);
    }

    /** For how long something lives: bounds from 100 ms to a day. */
    public static DurationRecorder ofLives() {
        return new DurationRecorder(LIVES_MILLIS);
    }

    /** It has happened once more, and took {@code nanos}; less than 0 counts as 0. */
    public void record(long nanos) {
        long duration = Math.max(0, nanos);
        int bucket = 0;
        while (bucket < boundsNanos.length && duration > boundsNanos[bucket]) {
            bucket++;
        }
        counts.getAndIncrement(bucket);
        sumNanos.getAndAdd(duration);
    }

    /** What was recorded until now. */
    public DurationHistogram read() {
        List<Bucket> buckets = new ArrayList<>();
        long count = 0;
        for (int i = 0; i < counts.length(); i++) {
            count += counts.get(i);
            double bound = i < boundsNanos.length ? boundsNanos[i] / NANOS_PER_SECOND : Double.POSITIVE_INFINITY;
            buckets.add(new Bucket(bound, count));
        }
        return new DurationHistogram(count, sumNanos.get() / NANOS_PER_SECOND, List.copyOf(buckets));
    }
}
