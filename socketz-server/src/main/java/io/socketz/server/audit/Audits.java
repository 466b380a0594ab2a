package io.socketz.server.audit;

import io.socketz.server.event.ServerListener;
import io.socketz.server.session.Sessions;
import io.socketz.state.AuditResult;
import io.socketz.state.AuditResult.Difference;
import io.socketz.state.Registry;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** Compares who is connected to this server with its part of the roster, and that with the store. From any thread. */
public final class Audits {
    private final Registry registry;
    private final SocketComparison sockets;
    private final ServerListener listener;

    /** How often the connections and the roster have differed. */
    private final AtomicLong repaired = new AtomicLong();

    private final AtomicLong made = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong missing = new AtomicLong();
    private final AtomicLong ghosts = new AtomicLong();

    /**
     * Compares nothing before it is asked.
     *
     * @param queries runs what goes through many clients
     * @param listener is warned of what is found
     */
    public Audits(Registry registry, Sessions sessions, Executor queries, ServerListener listener) {
        this.registry = registry;
        this.listener = listener;
        this.sockets = new SocketComparison(registry, sessions, queries);
    }

    /**
     * Compares, repairs what differs, and reports it.
     *
     * @return as by {@link Registry#audit}, with what connections and roster differed by; fails if the server ends
     */
    CompletableFuture<Optional<AuditResult>> run() {
        try {
            return sockets.run().thenCompose(found -> registry.audit().thenApply(store -> sum(found, store)));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Optional<AuditResult> sum(Difference found, Optional<AuditResult> store) {
        long inAll = repaired.addAndGet((long) found.missing() + found.ghosts());
        Optional<AuditResult> sum = store.map(known -> sum(found, known, inAll));
        (sum.isPresent() ? made : failed).getAndIncrement();
        Difference inBoth = sum.map(AuditResult::found).orElse(found);
        missing.getAndAdd(inBoth.missing());
        ghosts.getAndAdd(inBoth.ghosts());
        report(inBoth, store.map(AuditResult::left).orElse(Difference.NONE));
        return sum;
    }

    /** How many comparisons were completed. */
    public long made() {
        return made.get();
    }

    /** How many were not, since the store did not answer. */
    public long failed() {
        return failed.get();
    }

    /** How many clients were found missing. */
    public long missing() {
        return missing.get();
    }

    /** How many entries without a client were found. */
    public long ghosts() {
        return ghosts.get();
    }

    /** How many clients the connections and the roster have differed by. */
    public long repaired() {
        return repaired.get();
    }

    private void report(Difference found, Difference left) {
        if (!found.isNone()) {
            listener.onWarning("audit: " + found.missing() + " missing and " + found.ghosts()
                    + " ghosts in this server's part of the roster; "
                    + (left.isNone()
                            ? "all repaired"
                            : left.missing() + " and " + left.ghosts() + " still to be repaired"));
        }
    }

    private static AuditResult sum(Difference found, AuditResult store, long inAll) {
        return new AuditResult(
                store.found().plus(found),
                store.left(),
                store.repaired() + inAll,
                store.pending(),
                store.clients(),
                store.revision());
    }
}
