package io.socketz.it;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waits for what another process does. */
final class Polling {
    /** Far more than anything takes on a busy machine: only a failure waits this long. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final long SHORTEST_MILLIS = 5;

    /** Most questions are a connection, or a process: asked more often, they would be most of a busy machine's work. */
    private static final long LONGEST_MILLIS = 50;

    private Polling() {}

    /**
     * Polls until {@code good} accepts what {@code look} returns.
     *
     * @param missing the message if that does not happen in time: {@code no such line}
     * @return the accepted value
     */
    static <T> T until(Callable<T> look, Predicate<T> good, String missing) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        long pause = SHORTEST_MILLIS;
        for (T seen = look.call(); ; seen = look.call()) {
            if (good.test(seen)) {
                return seen;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(missing + "; there is:\n" + seen);
            }
            Thread.sleep(pause);
            pause = Math.min(2 * pause, LONGEST_MILLIS);
        }
    }
}
