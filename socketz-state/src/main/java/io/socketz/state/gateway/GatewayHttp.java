package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.Endpoints;
import io.socketz.state.etcd.transport.Endpoints.Address;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * The current HTTP client, and the threads that find where to send requests. Only these threads do what may block: they read
 * certificates and resolve names. Thread-safe.
 */
final class GatewayHttp {
    private static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Where requests currently go: the client, and one address of an endpoint. */
    static final class Link {
        private final GatewayClient client;
        private final Address address;
        private final HttpHost host;

        /** @throws IOException if HTTP cannot express the address */
        Link(GatewayClient client, Address address) throws IOException {
            this.client = client;
            this.address = address;
            try {
                this.host = host(address);
            } catch (IllegalArgumentException e) {
                throw new IOException(address + ": " + e.getMessage(), e);
            }
        }

        /** Connects to the address; the name is sent to etcd, and its certificate must be for that name. */
        static HttpHost host(Address address) {
            String scheme = isSecure(address.endpoint()) ? "https" : "http";
            return new HttpHost(scheme, address.address(), address.host(), address.port());
        }

        /** Sends a request; {@code receiver} hears the outcome, unless the request is cancelled. */
        SentRequest post(String path, Map<String, String> headers, byte[] json, SentRequest.Receiver receiver) {
            var request = new SentRequest(host, path, headers, json, receiver);
            client.send(request);
            return request;
        }

        GatewayClient client() {
            return client;
        }

        boolean isOfSameClient(Link other) {
            return client == other.client;
        }

        /** For people. */
        @Override
        public String toString() {
            return address.toString();
        }
    }

    /** Hears the outcome of a search: one of the two is null. */
    interface Taker {
        void take(@Nullable Link link, @Nullable Throwable error);
    }

    private final EtcdOptions options;

    /** Guarded by itself. */
    private final Endpoints endpoints;

    /** Whether the current address was used. Guarded by {@link #endpoints}. */
    private boolean tried;

    private final ExecutorService workers;

    /** Null before it is needed. Written by workers, one at a time. */
    private volatile @Nullable GatewayClient client;

    private volatile boolean closed;

    /** Whether a failure calls for a new client. */
    private volatile boolean renew;

    GatewayHttp(EtcdOptions options) {
        this.options = options;
        this.endpoints = new Endpoints(options.endpoints());
        // No thread yet. Tasks that come after the end are dropped.
        this.workers = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread worker = new Thread(task, "etcd-gateway");
                    worker.setDaemon(true);
                    return worker;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** The next search makes a new client, even if the files are the same: whom Java trusts may have changed. */
    void onTlsFailure() {
        renew = true;
    }

    /** Finds the next address, however long that takes; does not connect to it yet. */
    void findNext(Taker taker) {
        workers.execute(() -> {
            Link link;
            try {
                link = new Link(client(), nextAddress());
            } catch (IOException | RuntimeException | Error e) { // the taker must hear of every outcome
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

    /** The current client; a new one if certificates have been replaced or the client has died. */
    private synchronized GatewayClient client() throws IOException {
        boolean secure = options.endpoints().stream().anyMatch(GatewayHttp::isSecure);
        TlsFiles files = secure ? TlsFiles.read(options) : null;
        GatewayClient last = client;
        if (last != null && !renew && last.isGood(files)) {
            last.closeIdle();
            return last;
        }
        renew = false;
        GatewayClient started = GatewayClient.start(files);
        client = started;
        if (last != null) {
            last.close();
        }
        if (closed) { // in the meantime
            started.close();
        }
        return started;
    }

    /** Ends all threads, and with them the connections, within 5 s. */
    void close() {
        long start = System.nanoTime();
        closed = true;
        workers.shutdownNow();
        GatewayClient last = client;
        if (last != null) {
            last.close();
        }
        try {
            var unused = workers.awaitTermination(CLOSE_TIMEOUT_NANOS, TimeUnit.NANOSECONDS);
            last = client; // A worker may have started it only now.
            if (last != null) {
                last.awaitClosed(CLOSE_TIMEOUT_NANOS - (System.nanoTime() - start));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
