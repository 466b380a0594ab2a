package io.socketz.server;

import io.socketz.server.command.QueryThread;
import io.socketz.server.haproxy.Drain;
import io.socketz.server.haproxy.DrainPlan;
import io.socketz.server.haproxy.Readiness;
import io.socketz.server.nio.EventLoop;
import io.socketz.state.Registry;
import io.socketz.state.StateThread;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How a server ends: it is drained if it has an agent port, its loops end, it leaves the registry, its other threads end.
 * From any thread but its loops'.
 */
final class ServerShutdown {
    /** Enough for a healthy etcd, even if no time is left: otherwise this server's clients would be ghosts for a while. */
    private static final long LEAST_LEAVE_NANOS = 250_000_000;

    private final Readiness readiness;
    private final List<EventLoop> loops;
    private final QueryThread queries;
    private final StateThread state;
    private final Registry registry;
    private final PresenceFeed presence;
    private final TlsThreads tlsThreads;
    private final long drainTimeoutNanos;

    /** After its connections were cut, a loop ends within milliseconds, unless a function of the program keeps it. */
    private final long giveUpNanos;

    /** Null without an agent port: then nobody could be told of a drain. */
    private final @Nullable Drain drain;

    /** Whether the server has left the registry. Guarded by the lock, as the whole shutdown is. */
    private boolean left;

    /** Whether all has ended, but for loops that were given up. Guarded by the lock. */
    private boolean ended;

    /** What the registry of an embedding program threw when it was closed; null if nothing. Guarded by the lock. */
    private @Nullable RuntimeException registryFailure;

    /**
     * A shutdown that has not begun.
     *
     * @param drainTimeoutNanos how long connections have to end gracefully
     * @param giveUpNanos how long a loop may take to end after that
     */
    ServerShutdown(
            Readiness readiness,
            List<EventLoop> loops,
            QueryThread queries,
            StateThread state,
            Registry registry,
            PresenceFeed presence,
            TlsThreads tlsThreads,
            long drainTimeoutNanos,
            long giveUpNanos,
            @Nullable Drain drain) {
        this.readiness = readiness;
        this.loops = loops;
        this.queries = queries;
        this.state = state;
        this.registry = registry;
        this.presence = presence;
        this.tlsThreads = tlsThreads;
        this.drainTimeoutNanos = drainTimeoutNanos;
        this.giveUpNanos = giveUpNanos;
        this.drain = drain;
    }

    /**
     * Returns when the server has ended, but for loops that a function of the program keeps. A second call waits for the first.
     *
     * @param last ends what tells of the end; done twice, it does no harm
     */
    void run(Runnable last) {
        // Before the lock: the thread that holds it may be waiting for this one.
        loops.forEach(EventLoop::checkNotOwner);
        if (state.isCurrent()) {
            throw new IllegalStateException("a server cannot be closed from its own state thread");
        }
        readiness.beginDrain();
        boolean interrupted = end();
        // Last, and after the lock: whoever it calls may be closing the server, and then this interrupts the calling
        // thread.
        presence.close();
        last.run();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        throwFailure();
    }

    private synchronized void throwFailure() {
        RuntimeException failure = registryFailure;
        registryFailure = null; // for one call
        if (failure != null) {
            throw failure;
        }
    }

    /** Returns whether the calling thread was interrupted; it is not any more. */
    private synchronized boolean end() {
        if (ended) {
            return false;
        }
        long deadline = System.nanoTime() + drainTimeoutNanos;
        boolean interrupted = false;
        try {
            drain(deadline);
        } catch (InterruptedException e) {
            interrupted = true;
            deadline = System.nanoTime();
        }
        // Early enough to leave time for the registry.
        long cutAt = DrainPlan.of(System.nanoTime(), deadline, 0).cutAt();
        stop(cutAt);
        for (EventLoop loop : loops) {
            boolean accepts = loop == loops.get(0);
            // If the loop that accepts is stuck, half of the time is left for the others.
            long patience = accepts ? giveUpNanos / 2 : giveUpNanos;
            while (!loop.hasEnded() && System.nanoTime() - cutAt < patience) {
                try {
                    loop.join(cutAt + patience);
                } catch (InterruptedException e) {
                    interrupted = true;
                    deadline = System.nanoTime();
                    cutAt = deadline;
                    stop(cutAt);
                }
            }
            if (accepts) {
                // It may have failed, or be stuck, before it told the others; no connection comes from it any more.
                stopAll(cutAt);
            }
        }
        boolean stuck = loops.stream().anyMatch(loop -> !loop.hasEnded());
        leave(stuck ? System.nanoTime() + deadline - cutAt : deadline);
        // Or the query thread would not have the time to end what it does.
        interrupted |= Thread.interrupted();
        tlsThreads.close();
        queries.close();
        state.close();
        ended = true;
        return interrupted;
    }

    /**
     * Returns when nobody is connected and the server has left the registry while its agent port still answers; or at
     * {@code deadline}.
     */
    private void drain(long deadline) throws InterruptedException {
        if (drain == null || drainTimeoutNanos == 0 || loops.stream().anyMatch(EventLoop::hasEnded)) {
            return;
        }
        try {
            drain.begin(deadline).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            leave(deadline);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a drain does not fail", e);
        } catch (TimeoutException e) {
            // A loop has ended meanwhile, or this machine is overloaded: the rest is cut.
        }
    }

    private void leave(long deadline) {
        if (!left) {
            left = true;
            long rest = Math.max(LEAST_LEAVE_NANOS, deadline - System.nanoTime());
            try {
                registry.close(Duration.ofNanos(rest));
            } catch (RuntimeException e) {
                registryFailure = e;
            }
        }
    }

    /**
     * The accepting loop closes the port first, then it tells the others: so no connection is on its way to a loop that has
     * already been told to stop.
     */
    private void stop(long deadline) {
        EventLoop accepting = loops.get(0);
        if (accepting.hasEnded()) {
            stopAll(deadline);
        } else {
            accepting.stop(deadline);
            accepting.execute(() -> stopAll(deadline));
        }
    }

    private void stopAll(long deadline) {
        loops.forEach(loop -> loop.stop(deadline));
    }
}
