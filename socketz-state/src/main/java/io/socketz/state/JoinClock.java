package io.socketz.state;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Stamps the clients of one server: each stamp is at least the one before, so that stamps and numbers have the same order,
 * until the system's clock is found to have stepped back by more than it may. Then the earlier stamps were wrong, and the
 * new ones are right again. Not for several threads at a time.
 */
final class JoinClock {
    private final InstantSource clock;
    private final long maxAheadMillis;
    private long last = Long.MIN_VALUE;

    /** @param maxAhead how far a stamp may be ahead of {@code clock}, for the sake of the order on this server */
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
