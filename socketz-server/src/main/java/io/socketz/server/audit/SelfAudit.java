package io.socketz.server.audit;

import io.socketz.state.StateThread;
import java.util.concurrent.RejectedExecutionException;

/**
 * Audits from time to time, by itself. What is found is reported, and nothing else; while the store is away, nothing is
 * compared.
 */
public final class SelfAudit {
    private final Audits audits;
    private final StateThread state;
    private final long intervalNanos;

    /** An audit has not ended. Owned by the state thread. */
    private boolean running;

    /**
     * Does nothing before it is started.
     *
     * @param intervalNanos from one audit to the next, more than 0
     */
    public SelfAudit(Audits audits, StateThread state, long intervalNanos) {
        this.audits = audits;
        this.state = state;
        this.intervalNanos = intervalNanos;
    }

    /**
     * Begins. From any thread. Ends with the state thread.
     *
     * @param phase how much of the interval passes before the first audit, 0 to 1: random, so that servers that start together
     *     do not all read at the same time
     */
    public void start(double phase) {
        state.execute(() -> schedule(System.nanoTime() + (long) (phase * intervalNanos)));
    }

    private void schedule(long at) {
        state.executeAt(at, () -> onAlarm(at));
    }

    private void onAlarm(long at) {
        schedule(Math.max(at + intervalNanos, System.nanoTime()));
        if (!running) {
            running = true;
            var unused = audits.run().whenComplete((result, failure) -> onEnd());
        }
    }

    private void onEnd() {
        try {
            state.execute(() -> running = false);
        } catch (RejectedExecutionException e) {
            // The server ends.
        }
    }
}
