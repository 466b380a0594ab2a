package io.socketz.state;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Stamps the clients of one server: no stamp is earlier than the one before, so that stamps and numbers have the same
 * order. The exception: if the system's clock has stepped back by more than the limit, the earlier stamps were wrong, and
 * new ones follow the clock. Not thread-safe.
 */
final class JoinClock {
    private final InstantSource clock;
    private final long maxAheadMillis;
    private long last = Long.MIN_VALUE;

    /** @param maxAhead how far a stamp may be ahead of {@code clock}, to keep the order on this server */
    JoinClock(InstantSource clock, Duration maxAhead) {
        this.clock = clock;
        this.maxAheadMillis = maxAhead.toMillis();
    }

    /** Milliseconds since 1970-01-01T00:00:00Z. */
    long stamp() {
        long now = clock.millis();
        last = last > now && last - now <= maxAheadMillis ? last : now;
        return last;
    }
}
