package io.socketz.server.session;

import io.socketz.server.event.CloseReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How many connections have ended, by reason. Shared by all loops. */
public final class Counters {
    /** Holds every reason, and does not change. */
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

    /** All of them are 0. */
    public Counters() {
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    void onClosed(CloseReason reason) {
        adder(reason).increment();
    }

    /** How many connections have ended for {@code reason}. */
    public long closed(CloseReason reason) {
        return adder(reason).sum();
    }

    private LongAdder adder(CloseReason reason) {
        LongAdder adder = closed.get(reason);
        if (adder == null) {
            throw new IllegalStateException("no counter for " + reason);
        }
        return adder;
    }
}
