package io.socketz.server.haproxy;

import io.socketz.server.event.ServerState;
import io.socketz.state.Registry;
import java.util.concurrent.CompletableFuture;

/** Whether a server should get clients, as its agent port and its metrics tell. From any thread. */
public final class Readiness {
    /** After this, etcd counts as unreachable, and this server is as good as any other. */
    static final long LONGEST_START_NANOS = 5_000_000_000L;

    private final CompletableFuture<Void> known;
    private final long startedAt;
    private volatile boolean draining;

    /** @param now when the server starts, as {@link System#nanoTime} */
    public Readiness(Registry registry, long now) {
        this.known = registry.known();
        this.startedAt = now;
    }

    /** The server is about to end. */
    public void beginDrain() {
        draining = true;
    }

    /**
     * How it is now.
     *
     * @param now as {@link System#nanoTime}
     */
    public ServerState state(long now) {
        if (draining) {
            return ServerState.DRAINING;
        }
        boolean ready = known.isDone() || now - startedAt >= LONGEST_START_NANOS;
        return ready ? ServerState.READY : ServerState.STARTING;
    }
}
