package io.socketz.server.haproxy;

import java.util.concurrent.TimeUnit;

/**
 * Knows which clients rebalancing may have moved recently, so that they are not moved again. A connection does not tell where
 * its client was before. But every server hears of each client that any server lets go; from then on, whoever joins may be one.
 * Owned by the first loop.
 */
final class LateMoves {
    /** How long a client that may have been moved stays where it is. */
    static final long REST_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** The client may be here before the store tells that it left there. */
    private static final long ON_ITS_WAY_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How many clients had been let go at the last look. */
    private long known;

    private long lookedAt;

    /** When the first of them may have come, and when the last was seen to go; meaningless until one was. */
    private long firstAt;

    private long lastAt;
    private boolean moved;

    /** @param now as {@link System#nanoTime} */
    LateMoves(long now) {
        this.lookedAt = now;
    }

    /** @param letGo how many clients all servers have let go since this one started */
    void onLook(long now, long letGo) {
        if (moved && now - lastAt >= REST_NANOS) {
            moved = false;
        }
        if (letGo > known) {
            if (!moved) {
                moved = true;
                firstAt = lookedAt - ON_ITS_WAY_NANOS;
            }
            lastAt = now;
        }
        known = letGo;
        lookedAt = now;
    }

    /** Clients that joined before this time, as {@link System#nanoTime}, may be let go. */
    long mayGoBefore(long now) {
        return moved ? firstAt : now;
    }
}
