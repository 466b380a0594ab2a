package io.socketz.server.session;

import io.socketz.server.event.CloseReason;
import io.socketz.state.DurationHistogram;
import io.socketz.state.DurationRecorder;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What has become of connections. Shared by all loops. */
public final class Counters {
    private final AtomicLong accepted = new AtomicLong();

    /** Holds every reason, and does not change. */
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

    private final DurationRecorder lifetimes = DurationRecorder.ofLives();
    private final DurationRecorder greetings = DurationRecorder.ofWaits();

    /** All of them are 0. */
    public Counters() {
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    void onAccepted() {
        accepted.getAndIncrement();
    }

    /** @param delayNanos since it had connected, or since its PROXY header had come */
    void onGreeted(long delayNanos) {
        greetings.record(delayNanos);
    }

    /** @param lifetimeNanos how long it was open */
    void onClosed(CloseReason reason, long lifetimeNanos) {
        lifetimes.record(lifetimeNanos);
        adder(reason).increment();
    }

    /** How many connections were accepted, those that were refused included. */
    public long accepted() {
        return accepted.get();
    }

    /** How many connections have ended for {@code reason}. */
    public long closed(CloseReason reason) {
        return adder(reason).sum();
    }

    /** How many connections have ended, by reason, for each reason there is. A new map. */
    public Map<CloseReason, Long> closed() {
        Map<CloseReason, Long> sums = new EnumMap<>(CloseReason.class);
        closed.forEach((reason, adder) -> sums.put(reason, adder.sum()));
        return sums;
    }

    /** How long the connections were open that have ended. */
    public DurationHistogram lifetimes() {
        return lifetimes.read();
    }

    /** How long clients waited for their greeting. */
    public DurationHistogram greetings() {
        return greetings.read();
    }

    private LongAdder adder(CloseReason reason) {
        LongAdder adder = closed.get(reason);
        if (adder == null) {
            throw new IllegalStateException("no counter for " + reason);
        }
        return adder;
    }
}
