package io.socketz.server;

import io.socketz.state.Registry;
import io.socketz.state.Roster;
import java.util.concurrent.CompletableFuture;

/**
 * Whether a server that has just started should get clients: one that does not know the cluster yet would tell them of
 * its own clients alone.
 *
 * <pre>
 *   STARTING --the roster is known, or nobody has told it for too long--> READY
 * </pre>
 *
 * <p>Owned by the first loop.
 */
final class Readiness {
    /** In nanoseconds. Then etcd is away, and this server as good as any. */
    static final long PATIENCE = 5_000_000_000L;

    private final Registry registry;
    private final long startedAt;
    private boolean ready;

    /** @param now as {@link System#nanoTime}, with which it starts */
    Readiness(Registry registry, long now) {
        this.registry = registry;
        this.startedAt = now;
        this.ready = isKnown();
    }

    boolean isReady(long now) {
        ready = ready || now - startedAt >= PATIENCE || isKnown();
        return ready;
    }

    private boolean isKnown() {
        CompletableFuture<Roster> roster = registry.roster();
        return roster.isDone()
                && !roster.isCompletedExceptionally()
                && roster.join().isKnown();
    }
}
