package io.socketz.state.etcd;

import io.socketz.state.Departure;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says about clients whose keys it deletes in the same commit: why they left, and when.
 *
 * @param left by the client's number
 * @param isStopping the server itself leaves, in order, with all clients that it still has
 */
record ClosedClients(Map<Long, Closed> left, boolean isStopping) {
    static final ClosedClients NONE = new ClosedClients(Map.of(), false);

    /**
     * Why a client left.
     *
     * @param reason see {@link Departure#isReason}
     * @param at in milliseconds since 1970-01-01T00:00:00Z
     */
    record Closed(String reason, long at) {}

    /** The same, and the server leaves. */
    ClosedClients stopping() {
        return new ClosedClients(left, true);
    }

    /** Null if it does not say. */
    @Nullable
    Closed find(long number) {
        return left.get(number);
    }
}
