package io.socketz.client.bench;

import java.util.concurrent.atomic.AtomicLong;

/** How many requests all threads together may still send. Thread-safe. */
final class Budget {
    private final long total;
    private final AtomicLong claimed = new AtomicLong();

    Budget(long total) {
        this.total = total;
    }

    /** Takes {@code wanted} requests, or as many as are left. */
    int claim(int wanted) {
        if (isSpent()) {
            return 0;
        }
        long before = claimed.getAndAdd(wanted);
        return (int) Math.max(0, Math.min(wanted, total - before));
    }

    boolean isSpent() {
        return claimed.get() >= total;
    }
}
