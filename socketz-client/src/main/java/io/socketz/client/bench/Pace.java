package io.socketz.client.bench;

import java.util.function.Consumer;

/** Says which requests are due, and from when on each one's latency counts. Owned by the thread of its loop. */
interface Pace {
    /** Lets all be due that is by {@code now}; {@code changed} is told of each lane that has something due by that. */
    void advance(long now, Consumer<Lane> changed);

    /** Lets be due what follows from the replies that {@code lane} has had. */
    void onReplies(Lane lane, long now);

    /** When {@link #advance} has something to do next, or else it is over, as {@link System#nanoTime}. */
    long next();

    /** Whether nothing that is not due will ever be, and the time of what is due is over. */
    boolean isOver(long now);

    /** The end of what is measured, if that ends {@code now}. */
    long until(long now);

    /** Lets nothing be due after {@code now}. */
    void stop(long now);

    /** Records the replies to requests {@code [from, to)} of {@code lane}, which came at {@code now}. */
    void record(Lane lane, long from, long to, long now, Tally tally);

    /** Records all that is not answered, with the time that it has waited until {@code now}. */
    void recordUnanswered(Lane lane, long now, Tally tally);
}
