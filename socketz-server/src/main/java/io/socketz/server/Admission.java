package io.socketz.server;

import io.socketz.server.event.CloseReason;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts sockets and clients against their limits. Shared by all loops; never blocks.
 *
 * <p>A client takes a place, of which there are {@code maxConnections}, and keeps it until its socket is closed. What is
 * not known to be a client takes none: a connection whose PROXY header has not come yet, and a health check. For these
 * there are {@code reserve} sockets more than places, so that a server without a free place still answers checks.
 */
final class Admission {
    /** Why a client gets no place. */
    record Refusal(CloseReason reason, String detail) {}

    private final int maxConnections;
    private final int reserve;
    private final int maxPerAddress;
    private final AtomicInteger sockets = new AtomicInteger();
    private final AtomicInteger clients = new AtomicInteger();

    /** Whether the process has no file descriptor left but those that are held back. Written by the acceptor. */
    private volatile boolean exhausted;

    /** Does nothing until somebody wants to know. */
    private volatile Runnable onEmpty = () -> {};

    /** Empty where there is no limit per address. */
    private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

    /**
     * Nobody is here yet.
     *
     * @param reserve sockets, beyond {@code maxConnections}, for those who are no clients or not known to be
     * @param maxPerAddress clients of one address, 0 for no limit
     */
    Admission(int maxConnections, int reserve, int maxPerAddress) {
        this.maxConnections = maxConnections;
        this.reserve = reserve;
        this.maxPerAddress = maxPerAddress;
    }

    int maxConnections() {
        return maxConnections;
    }

    /** Counts a socket in. Each is counted out by {@link #onClosed}. */
    void onAccepted() {
        sockets.incrementAndGet();
    }

    void onClosed() {
        if (sockets.decrementAndGet() == 0) {
            onEmpty.run();
        }
    }

    /** Whether one more socket may be accepted, whoever that is. */
    boolean hasRoom() {
        return sockets.get() - (long) reserve < maxConnections;
    }

    /** Says whether descriptors are short: then clients are refused, and health checks are not. */
    void setExhausted(boolean exhausted) {
        this.exhausted = exhausted;
    }

    /**
     * Gives a client of {@code address} a place, for {@link #release} to take back.
     *
     * @return null, or why it gets none
     */
    @Nullable
    Refusal admit(InetAddress address) {
        if (maxPerAddress > 0 && perAddress.merge(address, 1, Integer::sum) > maxPerAddress) {
            leave(address);
            return new Refusal(
                    CloseReason.TOO_MANY_FROM_ADDRESS, "max " + maxPerAddress + " connections from one address");
        }
        if (clients.incrementAndGet() > maxConnections || exhausted) {
            release(address);
            int max = exhausted ? Math.min(clients(), maxConnections) : maxConnections;
            return new Refusal(CloseReason.TOO_MANY_CONNECTIONS, "max " + max);
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

    /** Calls {@code action}, which may be run more than once and by any thread, when no socket is left, or none is. */
    void onEmpty(Runnable action) {
        onEmpty = action;
        // After that, lest the last one leaves in between.
        if (sockets() == 0) {
            action.run();
        }
    }

    /** Everybody who is connected. */
    int sockets() {
        return sockets.get();
    }

    /** Those who have a place. */
    int clients() {
        return clients.get();
    }
}
