package io.socketz.client.bench;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What was measured.
 *
 * @param nanoseconds in which replies counted
 * @param requests answered, be it by errors
 * @param bytesPerReply 0 when there was none
 * @param latency in nanoseconds; those of unanswered requests as far as they had come
 * @param lost connections that ended before their time, for {@code firstLoss}
 * @param unanswered requests
 * @param cutOff those of them whose connection was lost
 * @param surplus replies that nobody had asked for
 * @param givenUp whether it was ended since the server was silent
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

    /** The sum of what threads measured from {@code start} on. */
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

    /** Whether there is a result, and each request, those of the warm-up too, got a reply that is no error, and nothing else came. */
    boolean isClean() {
        return requests > 0 && firstError == null && lost == 0 && unanswered == 0 && surplus == 0 && !givenUp;
    }
}
