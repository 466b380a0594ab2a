package io.socketz.server;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that a server holds for its clients, over all connections: requests that it has read and not decoded, and
 * replies that the kernel has not taken. A reply that many clients share, such as the list of clients, counts once,
 * however many wait for it; but clients that stand still at different times hold different lists, so there is a cap.
 *
 * <p>When more is held than the cap, {@link Holders} close the slowest clients. Until they have, the sum may exceed
 * {@link #hardMax} by what one event of each loop adds.
 *
 * <p>Shared by all loops; the lock is never held during I/O, and touched only for clients that fall behind.
 */
final class HeldMemory {
    private final long max;
    private final List<Holders> loops = new CopyOnWriteArrayList<>();
    private final AtomicLong tickets = new AtomicLong();

    /** How many connections each reply waits for. Guarded by the lock. */
    private final IdentityHashMap<byte[], Integer> waiting = new IdentityHashMap<>();

    /** Written under the lock. */
    private volatile long bytes;

    /**
     * Nothing is held yet.
     *
     * @param max bytes
     */
    HeldMemory(long max) {
        this.max = max;
    }

    /** The holders of {@code loop}: the same whenever that loop asks. */
    Holders holders(EventLoop loop) {
        for (Holders holders : loops) {
            if (holders.loop == loop) {
                return holders;
            }
        }
        Holders holders = new Holders(loop, this);
        loops.add(holders);
        return holders;
    }

    /** A reply waits for one connection more. */
    synchronized void add(byte[] reply) {
        if (waiting.merge(reply, 1, Integer::sum) == 1) {
            bytes += reply.length;
        }
    }

    /** A reply waits for one connection less. */
    synchronized void remove(byte[] reply) {
        if (waiting.computeIfPresent(reply, (key, count) -> count == 1 ? null : count - 1) == null) {
            bytes -= reply.length;
        }
    }

    /** So many bytes more are held that no other connection shares; fewer if negative. */
    synchronized void add(long more) {
        bytes += more;
    }

    long bytes() {
        return bytes;
    }

    long max() {
        return max;
    }

    boolean isOver() {
        return bytes > max;
    }

    /** Beyond this a loop does not wait for another loop to close the slowest. */
    boolean isFarOver() {
        return bytes > hardMax();
    }

    private long hardMax() {
        return max + max / 4;
    }

    /** A number that is larger than all given out before, to whichever loop. */
    long nextTicket() {
        return tickets.incrementAndGet();
    }

    /** The loop that holds memory for the slowest client of all; {@code fallback} where nobody holds any. */
    Holders withSlowest(Holders fallback) {
        Holders found = fallback;
        for (Holders holders : loops) {
            if (holders.slowest() < found.slowest()) {
                found = holders;
            }
        }
        return found;
    }
}
