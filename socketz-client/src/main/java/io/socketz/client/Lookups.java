package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks up names, each on a thread of its own: a lookup can take half a minute and cannot be interrupted, while the
 * client's thread has requests to fail in time. At most one at a time for each name. Owned by the client's thread.
 */
final class Lookups {
    /** Hears what lookups found. Called on the client's thread. */
    interface AddressListener {
        /** The host has these addresses, one or more. */
        void onAddresses(String host, List<InetAddress> addresses, long now);

        /** The host has no address. */
        void onUnknownHost(String host, SocketzException e, long now);
    }

    private final Resolver resolver;
    private final Consumer<LongConsumer> clientThread;
    private final AddressListener listener;
    private final Set<String> running = new HashSet<>();

    Lookups(Resolver resolver, Consumer<LongConsumer> clientThread, AddressListener listener) {
        this.resolver = resolver;
        this.clientThread = clientThread;
        this.listener = listener;
    }

    /** Looks up {@code host}, unless a lookup of it is running: that one then tells the listener. */
    void begin(String host) {
        if (running.add(host)) {
            Thread thread = new Thread(() -> lookUp(host), "socketz-client-lookup");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void lookUp(String host) {
        List<InetAddress> addresses = List.of();
        @Nullable SocketzException failure = null;
        try {
            addresses = List.of(resolver.resolve(host));
        } catch (UnknownHostException | RuntimeException e) {
            failure = new SocketzException(Reason.UNKNOWN_HOST, "unknown host", e);
        }
        List<InetAddress> found = addresses;
        SocketzException unknown =
                failure == null ? new SocketzException(Reason.UNKNOWN_HOST, "a host without addresses") : failure;
        clientThread.accept(now -> {
            running.remove(host);
            if (found.isEmpty()) {
                listener.onUnknownHost(host, unknown, now);
            } else {
                listener.onAddresses(host, found, now);
            }
        });
    }
}
