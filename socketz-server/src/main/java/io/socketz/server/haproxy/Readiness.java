package io.socketz.server.haproxy;

import io.socketz.state.Registry;
import java.util.concurrent.CompletableFuture;

/**
 * Whether a server that has just started should get clients: until it knows the cluster, it would tell them of its own
 * clients alone.
 *
 * <pre>{@code
 *   STARTING --the roster is known, or has not become known in 5 s--> READY
 * }</pre>
 */
public final class Readiness {
    /** After that etcd is taken to be away, and this server is as good as any. */
    static final long PATIENCE_NANOS = 5_000_000_000L;

    private final CompletableFuture<Void> known;
    private final long startedAt;

    /** @param now when the server starts, as {@link System#nanoTime} */
    public Readiness(Registry registry, long now) {
        this.known = registry.known();
        this.startedAt = now;
    }

    boolean isReady(long now) {
        return known.isDone() || now - startedAt >= PATIENCE_NANOS;
    }
}
