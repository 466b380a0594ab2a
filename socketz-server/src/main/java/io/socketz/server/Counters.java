package io.socketz.server;

import io.socketz.server.event.CloseReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** How many connections have ended, by reason. Shared by all loops. */
final class Counters {
    /** Holds every reason, and does not change. */
    private final Map<CloseReason, LongAdder> closed = new EnumMap<>(CloseReason.class);

    Counters() {
        for (CloseReason reason : CloseReason.values()) {
            closed.put(reason, new LongAdder());
        }
    }

    void onClosed(CloseReason reason) {
        adder(reason).increment();
    }

    long closed(CloseReason reason) {
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
