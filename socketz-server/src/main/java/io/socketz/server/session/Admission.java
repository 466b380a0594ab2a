package io.socketz.server.session;

import io.socketz.server.event.CloseReason;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts sockets and clients against their limits. Shared by all loops; never blocks.
 *
 * <p>A client takes one of {@code maxConnections} places, and keeps it until its socket is closed. A connection that is
 * not known to be a client takes none: one whose PROXY header has not come or whose TLS handshake is
 * not done, or a health check. There are
 * {@code reserve} more sockets than places, so that a server without a free place still answers health checks.
 */
public final class Admission {
    private final int maxConnections;
    private final int reserve;
    private final int maxPerAddress;
    private final AtomicInteger sockets = new AtomicInteger();
    private final AtomicInteger clients = new AtomicInteger();

    /** Whether the process has only spare file descriptors left. Written by the acceptor's loop. */
    private volatile boolean exhausted;

    /** Does nothing until {@link #onEmpty} replaces it. */
    private volatile Runnable onEmpty = () -> {};

    /** Clients by address. Empty if there is no limit per address. */
    private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

    /**
     * Counts from zero.
     *
     * @param reserve sockets beyond {@code maxConnections}, for connections that are not known to be clients
     * @param maxPerAddress clients of one address, 0 for no limit
     */
    public Admission(int maxConnections, int reserve, int maxPerAddress) {
        this.maxConnections = maxConnections;
        this.reserve = reserve;
        this.maxPerAddress = maxPerAddress;
    }

    /** How many places there are. */
    public int maxConnections() {
        return maxConnections;
    }

    /** Counts a socket in. {@link #onClosed} counts it out. */
    void onAccepted() {
        sockets.incrementAndGet();
    }

    void onClosed() {
        if (sockets.decrementAndGet() == 0) {
            onEmpty.run();
        }
    }

    /** Whether one more socket may be accepted, of a client or not. */
    boolean hasRoom() {
        return sockets.get() - (long) reserve < maxConnections;
    }

    /** Sets whether only spare descriptors are left: then clients are refused, and health checks are not. */
    void setExhausted(boolean exhausted) {
        this.exhausted = exhausted;
    }

    /**
     * Gives a client of {@code address} a place, until {@link #release}.
     *
     * @return null, or why it gets none
     */
    @Nullable
    Ending admit(InetAddress address) {
        if (maxPerAddress > 0 && perAddress.merge(address, 1, Integer::sum) > maxPerAddress) {
            leave(address);
            return new Ending(
                    CloseReason.TOO_MANY_FROM_ADDRESS, "max " + maxPerAddress + " connections from one address");
        }
        if (clients.incrementAndGet() > maxConnections || exhausted) {
            release(address);
            int max = exhausted ? Math.min(clients(), maxConnections) : maxConnections;
            return new Ending(CloseReason.TOO_MANY_CONNECTIONS, "max " + max);
        }
        return null;
    }

    /** The socket of a client that was admitted is closed. */
    void release(InetAddress address) {
        clients.decrementAndGet();
        leave(address);
    }

    private void leave(InetAddress address) {
        if (maxPerAddress > 0) {
            perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    /** Runs {@code action} when no socket is left, at once if there is none: perhaps more than once, on any thread. */
    public void onEmpty(Runnable action) {
        onEmpty = action;
        // Only now, in case the last one has left in between.
        if (sockets() == 0) {
            action.run();
        }
    }

    /** How many sockets are open, of clients or not. */
    public int sockets() {
        return sockets.get();
    }

    /** How many places are taken. */
    public int clients() {
        return clients.get();
    }
}
