package io.socketz.server.session;

import io.socketz.server.nio.BacklogListener;
import java.util.IdentityHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that a server holds for its clients, over all connections: requests that it has read and not decoded, and
 * replies that the kernel has not taken. A reply that many clients share, such as the list of clients, counts once,
 * however many wait for it; but clients that stall at different times hold different lists, so there is a cap.
 *
 * <p>When more is held than the cap, {@link Holders} close the slowest clients. Until they have, the sum may exceed
 * {@link #hardMax} by what one event of each loop adds.
 *
 * <p>Shared by all loops; the lock is never held during I/O, and taken only for clients that fall behind.
 */
public final class HeldMemory implements BacklogListener {
    private final long max;
    private final AtomicLong tickets = new AtomicLong();

    /** How many connections each reply waits on. Guarded by the lock. */
    private final IdentityHashMap<byte[], Integer> waiting = new IdentityHashMap<>();

    /** Written under the lock. */
    private volatile long bytes;

    /**
     * Nothing is held yet.
     *
     * @param max the cap, in bytes
     */
    public HeldMemory(long max) {
        this.max = max;
    }

    @Override
    public synchronized void onQueued(byte[] reply) {
        if (waiting.merge(reply, 1, Integer::sum) == 1) {
            bytes += reply.length;
        }
    }

    @Override
    public synchronized void onRemoved(byte[] reply) {
        if (waiting.computeIfPresent(reply, (key, count) -> count == 1 ? null : count - 1) == null) {
            bytes -= reply.length;
        }
    }

    /** Adds bytes that no other connection shares; subtracts them if {@code more} is negative. */
    synchronized void addUnshared(long more) {
        bytes += more;
    }

    /** How many bytes are held. */
    public long bytes() {
        return bytes;
    }

    /** The cap, in bytes. */
    public long max() {
        return max;
    }

    boolean isOver() {
        return bytes > max;
    }

    /** Whether a loop closes its own slowest client, rather than wait for another loop to close the slowest of all. */
    boolean isFarOver() {
        return bytes > hardMax();
    }

    private long hardMax() {
        return max + max / 4;
    }

    /** A number larger than all that were given before, to whichever loop. */
    long nextTicket() {
        return tickets.incrementAndGet();
    }
}
