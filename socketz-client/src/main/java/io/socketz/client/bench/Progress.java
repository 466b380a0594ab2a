package io.socketz.client.bench;

import io.socketz.client.console.Terminals;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The progress line, rewritten in place on a terminal. For one thread.
 *
 * <p>The terminal cuts the line off at the width of its window, so the width need not be known, and a resize does no
 * harm.
 */
final class Progress {
    /** The time that "now" covers: long enough that a few requests a second do not flicker. */
    private static final long NOW_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** DEC private mode 7, which every terminal has since the VT100. */
    private static final String NO_WRAP = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";
    private static final String ERASED_LINE = "\r\u001b[2K";

    private record Sample(long time, long requests, long nanoseconds) {}

    /** Null if nothing is shown. */
    private final @Nullable PrintWriter out;

    /** Samples of the last second; the oldest is at least that old. */
    private final Deque<Sample> samples = new ArrayDeque<>();

    private long answeredAt;

    private Progress(@Nullable PrintWriter out) {
        this.out = out;
    }

    /** Shows nothing. */
    static Progress none() {
        return new Progress(null);
    }

    /** On {@code out}, standard output, if that is a terminal that can erase a line; else shows nothing. */
    static Progress on(PrintWriter out) {
        return new Progress(Terminals.isInteractive() && !Terminals.isDumb(System.getenv()) ? out : null);
    }

    void show(Window window, List<Tally> tallies, long now) {
        if (out == null) {
            return;
        }
        long requests = tallies.stream().mapToLong(Tally::liveRequests).sum();
        long nanoseconds = tallies.stream().mapToLong(Tally::liveNanoseconds).sum();
        String line = line(window, requests, nanoseconds, now);
        out.print(ERASED_LINE + NO_WRAP + line + WRAP);
        out.flush();
    }

    /** The line to show {@code now}, after that many replies, which took that long in total. */
    String line(Window window, long requests, long nanoseconds, long now) {
        if (now < window.start()) {
            return "warming up";
        }
        if (samples.isEmpty()) {
            samples.add(new Sample(window.start(), 0, 0));
            answeredAt = window.start();
        }
        if (requests > samples.getLast().requests) {
            answeredAt = now;
        }
        samples.add(new Sample(now, requests, nanoseconds));
        while (samples.size() > 2 && now - second().time >= NOW_NANOS) {
            samples.removeFirst();
        }
        return String.format(
                Locale.ROOT, "%.1f s, %,d requests, %s", seconds(now - window.start()), requests, latest(now));
    }

    private Sample second() {
        Iterator<Sample> each = samples.iterator();
        each.next();
        return each.next();
    }

    private String latest(long now) {
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        long requests = last.requests - first.requests;
        return requests == 0
                ? String.format(Locale.ROOT, "no reply for %.1f s", seconds(now - answeredAt))
                : String.format(
                        Locale.ROOT,
                        "now %s/s in %s each",
                        Report.perSecond(requests / seconds(last.time - first.time)),
                        Times.text((double) (last.nanoseconds - first.nanoseconds) / requests));
    }

    private static double seconds(long nanoseconds) {
        return (double) nanoseconds / TimeUnit.SECONDS.toNanos(1);
    }

    /** Erases the line. */
    void clear() {
        if (out != null) {
            out.print(ERASED_LINE);
            out.flush();
        }
    }
}
