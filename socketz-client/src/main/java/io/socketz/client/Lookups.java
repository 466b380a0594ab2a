package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

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
            try {
                thread.start();
            } catch (OutOfMemoryError e) { // no more threads, which may be over in a moment
                tell(host, List.of(), new SocketzException(Reason.UNKNOWN_HOST, "cannot look up the host", e));
            }
        }
    }

    private void lookUp(String host) {
        List<InetAddress> found = List.of();
        SocketzException unknown = new SocketzException(Reason.UNKNOWN_HOST, "a host without addresses");
        try {
            found = List.of(resolver.resolve(host));
        } catch (UnknownHostException | RuntimeException | Error e) {
            unknown = new SocketzException(Reason.UNKNOWN_HOST, "unknown host", e);
        }
        tell(host, found, unknown);
    }

    /** @param unknown what is told if there are no addresses */
    private void tell(String host, List<InetAddress> addresses, SocketzException unknown) {
        clientThread.accept(now -> {
            running.remove(host);
            if (addresses.isEmpty()) {
                listener.onUnknownHost(host, unknown, now);
            } else {
                listener.onAddresses(host, addresses, now);
            }
        });
    }
}
