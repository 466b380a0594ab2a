package io.socketz.server.haproxy;

import io.socketz.server.nio.Alarm;
import io.socketz.server.nio.EventLoop;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Random;

/** Lets clients go one by one, at random times, as many as it is allowed. Owned by the first loop. */
final class Giving extends Alarm {
    private final Deque<Candidate> candidates;
    private final Random random;

    /** How many were told to go, or are being told. */
    private int told;

    private EvenSpread times;

    /** How many of those times are left, and the next of them. */
    private int left;

    private long next;

    /** @param candidates in the order in which they go */
    Giving(EventLoop loop, Collection<Candidate> candidates, Random random) {
        super(loop);
        this.candidates = new ArrayDeque<>(candidates);
        this.random = random;
        this.times = new EvenSpread(0, 0, 0, random);
    }

    /**
     * Lets some more go.
     *
     * @param most how many may go in all
     * @param until when those have gone who have not gone yet, as {@link System#nanoTime}
     */
    void allow(int most, long until) {
        left = Math.max(0, most - told);
        times = new EvenSpread(loop.now(), until, left, random);
        await();
    }

    private void await() {
        if (left > 0) {
            next = times.next();
            loop.deadlines().schedule(this, next);
        }
    }

    @Override
    protected void onDeadline(long now) {
        while (left > 0 && next - now <= 0) {
            left--;
            tellNext();
            await();
        }
    }

    private void tellNext() {
        Candidate candidate = candidates.poll();
        if (candidate != null) {
            told++;
            candidate.letGo(() -> loop.execute(() -> loop.guard(this, this::onStays)));
        }
    }

    /** One of those who were told has gone by itself, or is busy: the next one goes instead. */
    private void onStays() {
        told--;
        tellNext();
    }

    /** Lets nobody else go. */
    void end() {
        loop.deadlines().cancel(this);
        candidates.clear();
        left = 0;
    }

    int told() {
        return told;
    }

    /** Whether nobody is left who can go. */
    boolean isExhausted() {
        return candidates.isEmpty();
    }
}
