package io.socketz.server;

import io.socketz.state.Registry;
import java.util.concurrent.CompletableFuture;

/**
 * Whether a server that has just started should get clients: one that does not know the cluster yet would tell them of
 * its own clients alone.
 *
 * <pre>{@code
 *   STARTING --the roster is known, or nobody has told it for too long--> READY
 * }</pre>
 */
final class Readiness {
    /** In nanoseconds. Then etcd is away, and this server as good as any. */
    static final long PATIENCE = 5_000_000_000L;

    private final CompletableFuture<Void> known;
    private final long startedAt;

    /** @param now as {@link System#nanoTime}, with which it starts */
    Readiness(Registry registry, long now) {
        this.known = registry.known();
        this.startedAt = now;
    }

    boolean isReady(long now) {
        return known.isDone() || now - startedAt >= PATIENCE;
    }
}
