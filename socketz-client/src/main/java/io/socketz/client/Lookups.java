package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up, each on a thread that ends with it: a look-up can take half a minute and can not be interrupted, and the
 * client's thread has requests to fail in time. At most one at a time for each name. Owned by the client's thread.
 */
final class Lookups {
    /** Is told on the client's thread. */
    interface Listener {
        /** One address or more. */
        void onFound(String host, List<InetAddress> addresses);

        /** None. */
        void onUnknown(String host, SocketzException e);
    }

    private final Resolver resolver;
    private final Executor clientThread;
    private final Listener listener;
    private final Set<String> running = new HashSet<>();

    Lookups(Resolver resolver, Executor clientThread, Listener listener) {
        this.resolver = resolver;
        this.clientThread = clientThread;
        this.listener = listener;
    }

    /** Looks {@code host} up, unless that is being done: then the listener is told by that. */
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
        clientThread.execute(() -> {
            running.remove(host);
            if (found.isEmpty()) {
                listener.onUnknown(host, unknown);
            } else {
                listener.onFound(host, found);
            }
        });
    }
}
