package io.socketz.state.gateway;

import io.socketz.state.etcd.Endpoints;
import io.socketz.state.etcd.Endpoints.Address;
import io.socketz.state.etcd.EtcdOptions;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client, its threads, and the end of both. Whatever may block happens on these threads: to read certificates,
 * to resolve names. May be used from any thread.
 */
final class GatewayHttp {
    /** A second net: whoever asks has long lost patience. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Where requests go for now: the client, and one address of an endpoint. */
    static final class Link {
        private final HttpClient client;
        private final Address address;
        private final String base;

        /**
         * Has the address itself in its URIs, since of a name with several the client would try the first alone. Where a
         * certificate must be checked against the name, the client has no other place for that: there the name stays, and
         * stands for its first address.
         */
        Link(HttpClient client, Address address) {
            this.client = client;
            this.address = address;
            this.base = isSecure(address.endpoint())
                    ? "https://" + address.authority()
                    : "http://" + literal(address.address()) + ":" + address.port();
        }

        HttpClient client() {
            return client;
        }

        URI uri(String path) {
            return URI.create(base + path);
        }

        private static String literal(InetAddress address) {
            String literal = address.getHostAddress();
            return address instanceof Inet6Address ? "[" + literal + "]" : literal;
        }

        /** For people. */
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** Takes what became of an attempt to connect: one of the two is null. */
    interface Taker {
        void take(@Nullable Link link, @Nullable Throwable error);
    }

    private final EtcdOptions options;

    /** Used one at a time; guarded by itself. */
    private final Endpoints endpoints;

    /** Whether the endpoint in turn has had it. Guarded by {@link #endpoints}. */
    private boolean tried;

    /** Of all threads here, those that the HTTP client starts included: this is how close gets hold of them. */
    private final ThreadGroup threads = new ThreadGroup("etcd-gateway");

    private final ExecutorService workers;

    /** Null as long as nobody needed it. Guarded by this. */
    private @Nullable HttpClient client;

    GatewayHttp(EtcdOptions options) {
        this.options = options;
        this.endpoints = new Endpoints(options.endpoints());
        // No thread yet. What comes after the end is dropped without a word.
        this.workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread worker = new Thread(threads, task, "etcd-gateway");
                    worker.setDaemon(true);
                    return worker;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** Finds the next endpoint in turn, as long as it takes; does not connect to it yet. */
    void findNext(Taker taker) {
        workers.execute(() -> {
            Link link;
            try {
                link = new Link(client(), nextAddress());
            } catch (IOException | RuntimeException | Error e) { // whoever searches waits for the end of it
                taker.take(null, e);
                return;
            }
            taker.take(link, null);
        });
    }

    private Address nextAddress() throws UnknownHostException {
        synchronized (endpoints) {
            if (tried) {
                endpoints.next();
            }
            tried = true;
            try {
                return endpoints.address();
            } catch (UnknownHostException e) {
                var clear = new UnknownHostException(endpoints.endpoint() + ": unknown host");
                clear.initCause(e);
                throw clear;
            }
        }
    }

    private synchronized HttpClient client() throws IOException {
        HttpClient made = client;
        if (made == null) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .executor(workers)
                    .version(HttpClient.Version.HTTP_1_1) // All that the gateway speaks without TLS.
                    .followRedirects(HttpClient.Redirect.NEVER) // Where to might be anywhere.
                    .connectTimeout(CONNECT_TIMEOUT);
            if (options.endpoints().stream().anyMatch(GatewayHttp::isSecure)) {
                builder.sslContext(Tls.context(options));
            }
            made = builder.build();
            client = made;
        }
        return made;
    }

    /**
     * Ends all threads, 5 s at most, and with them the connections.
     *
     * <p>Java 17's client can not be closed. Its one thread, which owns all connections, ends when it is interrupted, in
     * 17 as in later versions.
     */
    void close() {
        long start = System.nanoTime();
        workers.shutdownNow();
        threads.interrupt();
        try {
            // A worker may have made the client only now.
            if (workers.awaitTermination(CLOSE_TIMEOUT_NANOS, TimeUnit.NANOSECONDS)) {
                threads.interrupt();
            }
            Thread[] left = new Thread[threads.activeCount() + 8];
            int count = threads.enumerate(left);
            for (int i = 0; i < count; i++) {
                long nanos = CLOSE_TIMEOUT_NANOS - (System.nanoTime() - start);
                TimeUnit.NANOSECONDS.timedJoin(left[i], Math.max(1, nanos));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
