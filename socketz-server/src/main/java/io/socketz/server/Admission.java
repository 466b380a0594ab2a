package io.socketz.server;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections, in all and by address, against their limits. Shared by all loops; never blocks. */
final class Admission {
    private final int maxConnections;
    private final int maxPerAddress;
    private final AtomicInteger connections = new AtomicInteger();

    /** Does nothing until somebody wants to know. */
    private volatile Runnable onEmpty = () -> {};

    /** Empty where there is no limit per address. */
    private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

    Admission(int maxConnections, int maxPerAddress) {
        this.maxConnections = maxConnections;
        this.maxPerAddress = maxPerAddress;
    }

    /** Counts one connection in. Each, admitted or not, is counted out by {@link #leave}. */
    boolean enter() {
        return connections.incrementAndGet() <= maxConnections;
    }

    void leave() {
        if (connections.decrementAndGet() == 0) {
            onEmpty.run();
        }
    }

    /** Calls {@code action}, which may be run more than once and by any thread, when no connection is left, or none is. */
    void onEmpty(Runnable action) {
        onEmpty = action;
        // After that, lest the last one leaves in between.
        if (connections() == 0) {
            action.run();
        }
    }

    /** Counts one connection of {@code address} in. Each, admitted or not, is counted out by {@link #leave(InetAddress)}. */
    boolean enter(InetAddress address) {
        return maxPerAddress == 0 || perAddress.merge(address, 1, Integer::sum) <= maxPerAddress;
    }

    void leave(InetAddress address) {
        if (maxPerAddress != 0) {
            perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        }
    }

    int connections() {
        return connections.get();
    }
}
