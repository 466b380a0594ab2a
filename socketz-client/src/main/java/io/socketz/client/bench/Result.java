package io.socketz.client.bench;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param nanoseconds during which replies counted
 * @param requests answered, errors included
 * @param bytesPerReply 0 if there was none
 * @param latency in nanoseconds; of unanswered requests, how long they had waited
 * @param lost connections that the server ended or that broke, the first for {@code firstLoss}
 * @param unanswered requests
 * @param cutOff of the unanswered, those whose connection was lost
 * @param surplus replies that answer no request
 * @param givenUp whether it ended because the server was silent
 */
record Result(
        long nanoseconds,
        long requests,
        double bytesPerReply,
        Histogram latency,
        long errors,
        @Nullable String firstError,
        int lost,
        @Nullable String firstLoss,
        long unanswered,
        long cutOff,
        long surplus,
        boolean givenUp) {

    /** The sum of what all threads measured from {@code start} on. */
    static Result of(List<Tally> tallies, long start) {
        Histogram latency = new Histogram(tallies.get(0).latency);
        tallies.forEach(tally -> latency.add(tally.latency));
        long replies = tallies.stream().mapToLong(tally -> tally.replies).sum();
        long bytes = tallies.stream().mapToLong(tally -> tally.bytes).sum();
        return new Result(
                Math.max(
                        0,
                        tallies.stream().mapToLong(tally -> tally.until).max().orElse(start) - start),
                tallies.stream().mapToLong(tally -> tally.requests).sum(),
                replies == 0 ? 0 : (double) bytes / replies,
                latency,
                tallies.stream().mapToLong(tally -> tally.errors.count()).sum(),
                tallies.stream()
                        .map(tally -> tally.errors.first())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                tallies.stream().mapToInt(Tally::lost).sum(),
                tallies.stream()
                        .map(Tally::firstLoss)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                tallies.stream().mapToLong(tally -> tally.unanswered).sum(),
                tallies.stream().mapToLong(tally -> tally.cutOff).sum(),
                tallies.stream().mapToLong(tally -> tally.surplus).sum(),
                tallies.stream().anyMatch(tally -> tally.givenUp));
    }

    double seconds() {
        return (double) nanoseconds / TimeUnit.SECONDS.toNanos(1);
    }

    /** Requests a second; 0 when none was answered. */
    double rate() {
        return requests == 0 || nanoseconds == 0 ? 0 : requests / seconds();
    }

    /** Whether there is a result, and every request, warm-up included, got exactly one reply that is no error. */
    boolean isClean() {
        return requests > 0 && firstError == null && lost == 0 && unanswered == 0 && surplus == 0 && !givenUp;
    }
}
