package io.socketz.client.bench;

import java.util.function.Consumer;

/** Decides when requests are due, and from when the latency of each counts. Owned by the thread of its loop. */
interface Pace {
    /** Makes requests due up to {@code now}; calls {@code changed} for each lane that got one. */
    void advance(long now, Consumer<Lane> changed);

    /** Makes requests due that follow the replies to {@code lane}. */
    void onReplies(Lane lane, long now);

    /** When {@link #advance} has something to do next, or the end, as {@link System#nanoTime}. */
    long next();

    /** Whether no more requests will be due, and the interval of the last one is over. */
    boolean isOver(long now);

    /** The end of the measurement if it stops {@code now}. */
    long until(long now);

    /** Makes nothing due after {@code now}. */
    void stop(long now);

    /** Records the replies to requests {@code [from, to)} of {@code lane}, which came at {@code now}. */
    void record(Lane lane, long from, long to, long now, Tally tally);

    /** Records the unanswered requests with the time that they have waited until {@code now}. */
    void recordUnanswered(Lane lane, long now, Tally tally);
}
