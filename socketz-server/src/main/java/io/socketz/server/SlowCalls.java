package io.socketz.server;

import io.socketz.protocol.time.TimeText;
import io.socketz.server.event.ServerListener;
import io.socketz.state.StateThread;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Warns of code of the program that blocks an event loop: when it has returned, and before, if it has not returned when somebody
 * looks, once a second. It costs two looks at the clock for each call, and nothing when it is off.
 */
final class SlowCalls {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** The call that a loop is in. */
    private static final class Call {
        /** Both written by the loop, before {@link #begunAt}. */
        private String what = "";

        private String name = "";

        /** As {@link System#nanoTime}; 0 while the loop is in none. Written by the loop. */
        private volatile long begunAt;

        /** The call that was warned of while it ran. Owned by the state thread. */
        private long warned;
    }

    private final long limitNanos;
    private final ServerListener listener;
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<Call> ownCall = ThreadLocal.withInitial(() -> {
        Call call = new Call();
        calls.add(call);
        return call;
    });

    /**
     * Warns of what takes longer.
     *
     * @param limitNanos 0 to warn of nothing
     * @param listener is warned
     */
    SlowCalls(long limitNanos, ServerListener listener) {
        this.limitNanos = limitNanos;
        this.listener = listener;
    }

    /** From now on, {@code state} looks for calls that do not return. */
    void watch(StateThread state) {
        if (limitNanos > 0) {
            state.execute(() -> lookLater(state));
        }
    }

    private void lookLater(StateThread state) {
        state.executeAt(System.nanoTime() + LOOK_NANOS, () -> {
            look(System.nanoTime());
            lookLater(state);
        });
    }

    private void look(long now) {
        for (Call call : calls) {
            long begunAt = call.begunAt;
            if (begunAt != 0 && begunAt != call.warned && now - begunAt > limitNanos) {
                call.warned = begunAt;
                listener.onWarning(call.what + call.name + " has been blocking its event loop for "
                        + time(now - begunAt) + ", and has not returned yet");
            }
        }
    }

    /**
     * A call begins, on a loop.
     *
     * @param what is called: with {@code name}, the beginning of a sentence
     */
    void begin(String what, String name) {
        if (limitNanos > 0) {
            Call call = ownCall.get();
            call.what = what;
            call.name = name;
            call.begunAt = System.nanoTime();
        }
    }

    /** The call has returned. */
    void end() {
        if (limitNanos > 0) {
            Call call = ownCall.get();
            long taken = System.nanoTime() - call.begunAt;
            call.begunAt = 0;
            if (taken > limitNanos) {
                listener.onWarning(call.what + call.name + " has blocked its event loop for " + time(taken));
            }
        }
    }

    private static String time(long nanos) {
        return TimeText.format(Duration.ofMillis(Math.max(1, nanos / 1_000_000)));
    }
}
