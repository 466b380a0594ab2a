package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.RangePage;
import java.util.concurrent.TimeUnit;

/**
 * How many keys to ask for at a time: half as many when an answer was too large or did not come in time, as on a slow
 * line; twice as many when one came fast.
 */
final class PageSize {
    /** About 1 MB of this service's keys. */
    private static final int MOST = 4_000;

    /** EtcdValues are at most 1.5 MiB each, so even somebody else's are 15 MiB a page. */
    private static final int LEAST = 10;

    /** An answer twice as large as one that took so long is still far from the time at which a request is given up. */
    private static final long FAST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private int keys = MOST;

    /** What is not exceeded before everything was read: more was too large. */
    private int limit = MOST;

    int keys() {
        return keys;
    }

    /**
     * A page did not come.
     *
     * @return whether it may have been for its size, and the next one is going to be smaller
     */
    boolean onFailure(Kind kind) {
        boolean tooLarge = kind == Kind.REFUSED || kind == Kind.NOT_ETCD;
        if (keys <= LEAST || (!tooLarge && kind != Kind.TIMEOUT)) {
            return false;
        }
        keys = Math.max(LEAST, keys / 2);
        if (tooLarge) {
            limit = keys;
        }
        return true;
    }

    /** A page came after {@code nanos}, and there are more keys. */
    void onPage(long nanos, RangePage page) {
        if (page.cut()) {
            keys = Math.max(1, page.entries().size()); // more would be read by etcd for nothing
        } else if (nanos <= FAST_NANOS) {
            keys = Math.min(limit, 2 * keys);
        }
    }

    /** Everything was read. What was too large may be gone the next time. */
    void onRead() {
        limit = Math.min(MOST, 2 * limit);
    }
}
