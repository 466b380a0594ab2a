package io.socketz.server.admin;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long an answer may take, from the request to its last byte. Then the thread is interrupted: a write to a reader that
 * has stopped reading ends, and the connection with it.
 */
final class AnswerTime {
    private final ScheduledExecutorService clock;
    private final Duration most;

    AnswerTime(ScheduledExecutorService clock, Duration most) {
        this.clock = clock;
        this.most = most;
    }

    /** Limits what this thread does until the limit ends. */
    Limit begin() {
        Limit limit = new Limit(Thread.currentThread());
        limit.timer = clock.schedule(limit::expire, most.toNanos(), TimeUnit.NANOSECONDS);
        return limit;
    }

    /** Of one answer. */
    static final class Limit {
        private final Thread thread;

        /** Of {@link #thread}. */
        private @Nullable Future<?> timer;

        /** Guarded by the lock. */
        private boolean ended;

        private Limit(Thread thread) {
            this.thread = thread;
        }

        private synchronized void expire() {
            if (!ended) { // or else the thread answers somebody else
                thread.interrupt();
            }
        }

        /** The answer is sent, or given up. */
        void end() {
            if (timer != null) {
                timer.cancel(false);
            }
            synchronized (this) {
                ended = true;
            }
        }
    }
}
