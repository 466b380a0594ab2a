package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.RangePage;
import java.util.concurrent.TimeUnit;

/**
 * How many keys to ask for at a time: half as many after an answer that was too large or did not come in time, as on a slow
 * line; twice as many after one that came fast.
 */
final class PageSize {
    /** About 1 MB of this service's keys. */
    static final int MOST = 4_000;

    /** A value is at most 1.5 MiB, so even a page of foreign keys is at most 15 MiB. */
    private static final int LEAST = 10;

    /** If an answer took no longer, one twice as large will still come long before the timeout. */
    private static final long FAST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final int most;
    private int keys;

    /** Not exceeded until everything is read, since more was too large. */
    private int limit;

    /** @param most keys to ask for at a time, {@link #MOST} at most */
    PageSize(int most) {
        this.most = most;
        this.keys = most;
        this.limit = most;
    }

    int keys() {
        return keys;
    }

    /**
     * A page did not come.
     *
     * @return whether its size may be the reason, and the next one will be smaller
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
            keys = Math.max(1, page.entries().size()); // etcd would read more for nothing
        } else if (nanos <= FAST_NANOS) {
            keys = Math.min(limit, 2 * keys);
        }
    }

    /** Everything was read. What was too large may be gone by the next time. */
    void onRead() {
        limit = Math.min(most, 2 * limit);
    }
}
