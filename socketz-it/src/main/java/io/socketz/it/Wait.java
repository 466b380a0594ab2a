package io.socketz.it;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what processes do. Fails at once if the thread is interrupted. */
public final class Wait {
    private static final long SHORTEST_MILLIS = 10;

    /** Most questions are connections: asked more often, they would slow down what is waited for. */
    private static final long LONGEST_MILLIS = 80;

    private Wait() {}

    /**
     * Polls until {@code condition} holds.
     *
     * @return whether it held in time
     */
    public static boolean until(BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        long pause = SHORTEST_MILLIS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            try {
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                throw interrupted();
            }
            pause = Math.min(2 * pause, LONGEST_MILLIS);
        }
        return true;
    }

    /**
     * Waits for the end of a process.
     *
     * @return whether it ended in time
     */
    static boolean forEnd(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Reports an interrupt where no checked exception is possible. */
    static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted");
    }
}
