package io.socketz.client.bench;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The line that tells how far it is, over and over in its place, where that is a terminal. For one thread. */
final class Progress {
    private static final int WIDTH = 79;

    /** Null where nothing is to be shown. */
    private final @Nullable PrintWriter out;

    private long lastTime;
    private long lastRequests;
    private long lastNanoseconds;

    private Progress(@Nullable PrintWriter out) {
        this.out = out;
    }

    /** None at all. */
    static Progress none() {
        return new Progress(null);
    }

    /** On {@code out} if people look at it, else none. */
    static Progress on(PrintWriter out) {
        return new Progress(isTerminal(System.console()) ? out : null);
    }

    /** Since Java 22 there may be a console without a terminal. */
    private static boolean isTerminal(@Nullable Console console) {
        try {
            return console != null
                    && (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    void show(Window window, List<Tally> tallies, long now) {
        if (out == null) {
            return;
        }
        long requests = tallies.stream().mapToLong(Tally::liveRequests).sum();
        long nanoseconds = tallies.stream().mapToLong(Tally::liveNanoseconds).sum();
        String line = now < window.start()
                ? "warming up"
                : line(now - window.start(), requests, rate(now, requests), mean(requests, nanoseconds));
        out.print("\r" + line + " ".repeat(Math.max(0, WIDTH - line.length())) + "\r");
        out.flush();
        lastTime = now;
        lastRequests = requests;
        lastNanoseconds = nanoseconds;
    }

    private double rate(long now, long requests) {
        return lastTime == 0 ? 0 : (requests - lastRequests) * 1e9 / (now - lastTime);
    }

    private double mean(long requests, long nanoseconds) {
        return requests == lastRequests ? 0 : (double) (nanoseconds - lastNanoseconds) / (requests - lastRequests);
    }

    private static String line(long elapsed, long requests, double rate, double mean) {
        return String.format(
                Locale.ROOT,
                "%.1f s, %,d requests, now %,.0f/s in %s each",
                (double) elapsed / TimeUnit.SECONDS.toNanos(1),
                requests,
                rate,
                Times.text(mean));
    }

    /** Takes the line away. */
    void clear() {
        if (out != null) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            out.flush();
        }
    }
}
