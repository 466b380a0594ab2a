package io.socketz.server.session;

/** How often something may happen: so many times in a period, which begins with the first of them. */
final class EventRate {
    private final int events;
    private final long periodNanos;

    /** When the period began, as {@link System#nanoTime}. Meaningless while nothing is counted. */
    private long begunAt;

    private int counted;

    /** @param events how many a period admits, 1 or more */
    EventRate(int events, long periodNanos) {
        this.events = events;
        this.periodNanos = periodNanos;
    }

    /** Whether one more may happen now. */
    boolean admit(long now) {
        if (counted == 0 || now - begunAt >= periodNanos) {
            begunAt = now;
            counted = 0;
        }
        if (counted == events) {
            return false;
        }
        counted++;
        return true;
    }
}
