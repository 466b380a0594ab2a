package io.socketz.state.etcd;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;

/** Virtual time: runs events one after the other, in order of time; one seed decides everything random. */
final class Simulation implements Timeline {
    static final long MILLISECOND = 1_000_000L;
    static final long SECOND = 1_000 * MILLISECOND;

    /** More events than any scenario has: with more, something is in a loop. */
    private static final int MAX_EVENTS = 2_000_000;

    private record Event(long time, long number, Runnable task) {
        static final Comparator<Event> ORDER =
                Comparator.comparingLong(Event::time).thenComparingLong(Event::number);
    }

    private final Random random;
    private final boolean traced;
    private final PriorityQueue<Event> events = new PriorityQueue<>(1_000, Event.ORDER);
    private long number;
    private long now;

    /** @param traced whether to print what happens */
    Simulation(long seed, boolean traced) {
        // close seeds would begin with similar numbers
        this.random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.traced = traced;
    }

    Random random() {
        return random;
    }

    @Override
    public long now() {
        return now;
    }

    @Override
    public void at(long time, Runnable event) {
        events.add(new Event(Math.max(time, now), number++, event));
    }

    void after(long delay, Runnable event) {
        at(now + delay, event);
    }

    @Override
    @SuppressWarnings("SystemOut") // requested by -Dsocketz.seed
    public void trace(Supplier<String> line) {
        if (traced) {
            System.out.printf("%10.3f ms  %s%n", now / (double) MILLISECOND, line.get());
        }
    }

    /** Runs all events up to {@code time}. */
    void runUntil(long time) {
        while (!events.isEmpty() && events.peek().time <= time) {
            Event event = events.remove();
            now = event.time;
            if (event.number > MAX_EVENTS) {
                throw new AssertionError("no end after " + MAX_EVENTS + " events");
            }
            event.task.run();
        }
        now = time;
    }

    /** A time from {@code least} to {@code most}, in nanoseconds. */
    long between(long least, long most) {
        return least + (long) (random.nextDouble() * (most - least));
    }
}
