package io.socketz.client.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is wrong with a result, or may be, one line each. */
record Warnings(Load load, Result result, OptionalDouble ceiling) {
    /** A rate counts as met from this fraction on: the last reply comes after the last request. */
    private static final double MET = 0.95;

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (result.firstError() != null) {
            add(
                    lines,
                    "%,d replies are errors; the first, perhaps in the warm-up: %s",
                    result.errors(),
                    result.firstError());
        }
        if (result.lost() > 0) {
            add(
                    lines,
                    "%,d of %,d connections were lost; the first: %s%s",
                    result.lost(),
                    load.connections(),
                    result.firstLoss(),
                    result.cutOff() > 0
                            ? String.format(Locale.ROOT, "; %,d requests got no reply because of that", result.cutOff())
                            : "");
        }
        if (result.surplus() > 0) {
            add(
                    lines,
                    "%,d replies answer no request: are --lines %d and --greeting right?",
                    result.surplus(),
                    load.lines());
        }
        if (result.givenUp()) {
            add(
                    lines,
                    "gave up: the server sent nothing for %d s",
                    TimeUnit.NANOSECONDS.toSeconds(LoadLoop.PATIENCE_NANOS));
        }
        if (result.unanswered() > result.cutOff()) {
            add(
                    lines,
                    "%,d requests had no reply %d s after the end of the measurement; the time they waited counts as latency%s",
                    result.unanswered() - result.cutOff(),
                    TimeUnit.NANOSECONDS.toSeconds(LoadLoop.GRACE_NANOS),
                    result.requests() == 0 ? ": is --lines " + load.lines() + " right?" : "");
        }
        if (result.requests() == 0 && lines.isEmpty()) {
            add(lines, "ended before anything was measured");
        }
        if (load.hasRate() && result.requests() > 0 && result.rate() < MET * load.rate()) {
            add(
                    lines,
                    "the server answered %s requests/s, not the %,d/s of --rate",
                    Report.perSecond(result.rate()),
                    load.rate());
        }
        if (ceiling.isPresent() && result.rate() >= Report.NEAR * ceiling.getAsDouble()) {
            add(
                    lines,
                    "this is near the tool's own ceiling: the tool may be the bottleneck, not the server; try more --threads");
        }
        return lines;
    }

    private static void add(List<String> lines, String format, @Nullable Object... arguments) {
        lines.add(String.format(Locale.ROOT, format, arguments));
    }
}
