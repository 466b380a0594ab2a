package io.socketz.client.repl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** How long requests took. */
final class Latencies {
    private static final double NANOS_PER_MILLI = 1e6;

    private final List<Long> nanos = new ArrayList<>();

    void add(long nanoseconds) {
        nanos.add(nanoseconds);
    }

    /** {@code 100 times WHY: min 0.05 ms, median 0.07 ms, max 1.32 ms}. */
    String text() {
        if (nanos.isEmpty()) {
            return "no answer";
        }
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%d times WHY: min %.2f ms, median %.2f ms, max %.2f ms",
                sorted.size(),
                sorted.get(0) / NANOS_PER_MILLI,
                sorted.get(sorted.size() / 2) / NANOS_PER_MILLI,
                sorted.get(sorted.size() - 1) / NANOS_PER_MILLI);
    }
}
