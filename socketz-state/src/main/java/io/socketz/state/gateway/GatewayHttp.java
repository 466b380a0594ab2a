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
 * The HTTP client of the time, and the threads that find where to send requests. Whatever may block happens on these: to
 * read certificates, to resolve names. May be used from any thread.
 */
final class GatewayHttp {
    private static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Where requests go for now: the client, and one address of an endpoint. */
    static final class Link {
        private final GatewayClient client;
        private final Address address;
        private final HttpHost host;

        /** @throws IOException if there can be no such address */
        Link(GatewayClient client, Address address) throws IOException {
            this.client = client;
            this.address = address;
            try {
                this.host = host(address);
            } catch (IllegalArgumentException e) {
                throw new IOException(address + ": " + e.getMessage(), e);
            }
        }

        /** Connects to the address; the name is what is told to etcd, and what its certificate must be for. */
        static HttpHost host(Address address) {
            String scheme = isSecure(address.endpoint()) ? "https" : "http";
            return new HttpHost(scheme, address.address(), address.host(), address.port());
        }

        /** Sends a request; {@code receiver} is told what becomes of it, unless it is cancelled. */
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

    /** Takes what became of an attempt to connect: one of the two is null. */
    interface Taker {
        void take(@Nullable Link link, @Nullable Throwable error);
    }

    private final EtcdOptions options;

    /** Used one at a time; guarded by itself. */
    private final Endpoints endpoints;

    /** Whether the endpoint in turn has had it. Guarded by {@link #endpoints}. */
    private boolean tried;

    private final ExecutorService workers;

    /** Null as long as nobody needed it. Written by workers, one at a time. */
    private volatile @Nullable GatewayClient client;

    private volatile boolean closed;

    /** Whether a failure makes another client worth while. */
    private volatile boolean renew;

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
                    Thread worker = new Thread(task, "etcd-gateway");
                    worker.setDaemon(true);
                    return worker;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    private static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    /** The next endpoint will have another client, even if the files are the same: whom Java trusts may have changed. */
    void onTlsFailure() {
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
            last.closeIdle();
            return last;
        }
        renew = false;
        GatewayClient started = GatewayClient.start(files);
        client = started;
        if (last != null) {
            last.close();
        }
        if (closed) { // meanwhile
            started.close();
        }
        return started;
    }

    /** Ends all threads, 5 s at most, and with them the connections. */
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
