package io.socketz.state.gateway;

import io.socketz.state.etcd.Endpoints;
import io.socketz.state.etcd.Endpoints.Address;
import io.socketz.state.etcd.EtcdOptions;
import io.socketz.state.etcd.TlsFiles;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP client of the time, all threads, and the end of both. Whatever may block happens on these threads: to read certificates,
 * to resolve names. May be used from any thread.
 */
final class GatewayHttp {
    private static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Where requests go for now: the client, and one address of an endpoint. */
    static final class Link {
        private final GatewayClient client;
        private final Address address;
        private final String base;

        /**
         * Has the address itself in its URIs, since of a name with several the client would try the first alone. Where a
         * certificate must be checked against the name, the client has no other place for that: there the name stays, and
         * stands for its first address.
         *
         * @throws IOException if Java's client does not take such an address
         */
        Link(GatewayClient client, Address address) throws IOException {
            this.client = client;
            this.address = address;
            this.base = base(address);
            try {
                HttpRequest.newBuilder(uri("/"));
            } catch (IllegalArgumentException e) {
                throw new IOException(address + ": not possible by way of the gateway", e);
            }
        }

        static String base(Address address) {
            return isSecure(address.endpoint())
                    ? "https://" + address.authority()
                    : "http://" + literal(address.address()) + ":" + address.port();
        }

        HttpClient client() {
            return client.http();
        }

        boolean isOfSameClient(Link other) {
            return client == other.client;
        }

        URI uri(String path) {
            return URI.create(base + path);
        }

        private static String literal(InetAddress address) {
            if (!(address instanceof Inet6Address ipv6)) {
                return address.getHostAddress();
            }
            // By its number: names of interfaces, as br-1, may have characters that a URI may not.
            String bare = ipv6.getHostAddress().replaceFirst("%.*", "");
            return "[" + bare + (ipv6.getScopeId() > 0 ? "%" + ipv6.getScopeId() : "") + "]";
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
    private @Nullable GatewayClient client;

    /** Whether a failure makes another client worth while. Guarded by this. */
    private boolean renew;

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

    /** The next endpoint will have another client, even if the files are the same: whom Java trusts may have changed. */
    synchronized void onTlsFailure() {
        renew = true;
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
            return endpoints.address();
        }
    }

    /** The client as it was, unless certificates have been renewed, or it has died: then another one in its place. */
    private synchronized GatewayClient client() throws IOException {
        boolean secure = options.endpoints().stream().anyMatch(GatewayHttp::isSecure);
        TlsFiles files = secure ? TlsFiles.read(options) : null;
        GatewayClient last = client;
        if (last != null && !renew && last.isGood(files)) {
            return last;
        }
        GatewayClient made = GatewayClient.make(threads, workers, files);
        client = made;
        renew = false;
        if (last != null) {
            last.close();
        }
        return made;
    }

    /** Ends all threads, 5 s at most, and with them the connections. */
    void close() {
        long start = System.nanoTime();
        workers.shutdownNow();
        threads.interrupt();
        try {
            // A worker may have made the client only now.
            if (workers.awaitTermination(CLOSE_TIMEOUT_NANOS, TimeUnit.NANOSECONDS)) {
                threads.interrupt();
            }
            for (Thread left : GatewayClient.threads(threads)) {
                long nanos = CLOSE_TIMEOUT_NANOS - (System.nanoTime() - start);
                TimeUnit.NANOSECONDS.timedJoin(left, Math.max(1, nanos));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
