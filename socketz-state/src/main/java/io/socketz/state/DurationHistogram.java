package io.socketz.state;

import java.util.List;

/**
 * How long something took, each time it happened.
 *
 * @param count how often it happened
 * @param sumSeconds how long all of that took together
 * @param buckets with rising bounds; the last one is infinite, and counts all
 */
public record DurationHistogram(long count, double sumSeconds, List<Bucket> buckets) {
    /**
     * How often it took no longer than a bound.
     *
     * @param upToSeconds the bound; infinite for the last one
     * @param count how often; what the buckets before it count, included
     */
    public record Bucket(double upToSeconds, long count) {}
}
