package io.socketz.it;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How the harness waits for what processes do. A thread that is interrupted meanwhile fails at once. */
public final class Wait {
    private static final long INTERVAL_MILLIS = 10;

    private Wait() {}

    /**
     * Looks again and again, until {@code condition} holds.
     *
     * @return whether that came in time
     */
    public static boolean until(BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            try {
                Thread.sleep(INTERVAL_MILLIS);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
        return true;
    }

    /**
     * Waits for the end of a process.
     *
     * @return whether it came in time
     */
    static boolean forEnd(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** For who is interrupted and can not say so in another way. */
    static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted");
    }
}
