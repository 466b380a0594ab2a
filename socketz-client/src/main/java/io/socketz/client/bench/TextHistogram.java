package io.socketz.client.bench;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/** The distribution of latencies as bars: three steps a decade, 1, 2, 5, 10. */
final class TextHistogram {
    private static final int BAR = 50;
    private static final int[] STEPS = {1, 2, 5};

    private TextHistogram() {}

    /** A line for each step from the least to the most, ended by LF; empty when there is nothing. */
    static String of(Histogram latency) {
        StringBuilder out = new StringBuilder();
        long total = latency.getTotalCount();
        long below = 0;
        for (long decade = 1_000; below < total; decade *= 10) {
            for (int step : STEPS) {
                long to = step * decade;
                long until = Math.min(total, latency.getCountBetweenValues(0, to - 1));
                if (until > 0 && below < total) {
                    append(out, to, until - below, total);
                }
                below = until;
            }
        }
        return out.toString();
    }

    private static void append(StringBuilder out, long to, long count, long total) {
        double part = (double) count / total;
        // Even a single request shows.
        int length = count == 0 ? 0 : (int) Math.max(1, Math.round(part * BAR));
        String bar = "#".repeat(length) + " ".repeat(BAR - length);
        out.append(String.format(Locale.ROOT, "%8s |%s| %7.3f %%%n", "< " + step(to), bar, 100 * part));
    }

    private static String step(long nanoseconds) {
        if (nanoseconds < 1_000_000) {
            return nanoseconds / 1_000 + " us";
        }
        return nanoseconds < 1_000_000_000 ? nanoseconds / 1_000_000 + " ms" : nanoseconds / 1_000_000_000 + " s";
    }
}
