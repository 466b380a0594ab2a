package io.socketz.server;

import java.util.IdentityHashMap;

/**
 * The memory that replies take which clients have not taken, over all connections of a server. A reply that many share,
 * as the list of clients, counts once, however many it waits for; but clients that stand still at different times hold
 * different lists, so there has to be a cap.
 *
 * <p>Shared by all loops; the lock is never held during I/O, and touched only for clients that fall behind.
 */
final class BacklogMemory {
    private final long max;

    /** How many connections each reply waits for. Owned by the lock, as is the sum of their lengths. */
    private final IdentityHashMap<byte[], Integer> waiting = new IdentityHashMap<>();

    private long bytes;

    BacklogMemory(long max) {
        this.max = max;
    }

    /** A reply waits for one connection more. False if that is too much: the connection has to go. */
    synchronized boolean add(byte[] reply) {
        if (!waiting.containsKey(reply)) {
            if (reply.length > max - bytes) {
                return false;
            }
            bytes += reply.length;
        }
        waiting.merge(reply, 1, Integer::sum);
        return true;
    }

    /** A reply waits for one connection less. */
    synchronized void remove(byte[] reply) {
        if (waiting.computeIfPresent(reply, (key, count) -> count == 1 ? null : count - 1) == null) {
            bytes -= reply.length;
        }
    }

    synchronized long bytes() {
        return bytes;
    }

    long max() {
        return max;
    }
}
