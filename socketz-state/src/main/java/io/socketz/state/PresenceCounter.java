package io.socketz.state;

import io.socketz.state.Change.Handler;
import io.socketz.state.RegistryMetrics.JoinsAndLeaves;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts clients that join and leave. Any thread may read it. Owned by the registry's thread, which alone counts. */
public final class PresenceCounter {
    /** Instead of reasons beyond {@link #MAX_REASONS}: other servers, or people, may write anything. */
    static final String OTHER = "OTHER";

    static final int MAX_REASONS = 64;

    private final AtomicLong joins = new AtomicLong();
    private final Map<String, AtomicLong> leaves = new ConcurrentHashMap<>();
    private final Handler<Integer> counting = new Counting();

    /** Nobody has joined or left. */
    public PresenceCounter() {}

    /** A client has joined. */
    public void onJoined() {
        add(joins, 1);
    }

    /** A client has left. */
    public void onLeft(String reason) {
        onLeft(reason, 1);
    }

    /** Counts the joins and leaves among these changes. */
    public void onChanges(List<Change> changes) {
        changes.forEach(change -> change.dispatch(counting));
    }

    private void onLeft(String reason, int clients) {
        boolean fits = leaves.containsKey(reason) || leaves.size() < MAX_REASONS;
        add(leaves.computeIfAbsent(fits ? reason : OTHER, first -> new AtomicLong()), clients);
    }

    /** There is one writer. */
    private static void add(AtomicLong counter, long more) {
        counter.setOpaque(counter.getPlain() + more);
    }

    /** What was counted until now. */
    public JoinsAndLeaves read() {
        Map<String, Long> byReason = new TreeMap<>();
        leaves.forEach((reason, counter) -> byReason.put(reason, counter.getOpaque()));
        return new JoinsAndLeaves(joins.getOpaque(), Collections.unmodifiableMap(byReason));
    }

    /** Each method returns how many clients have joined or left. */
    private final class Counting implements Handler<Integer> {
        @Override
        public Integer onJoined(Change.Joined change) {
            PresenceCounter.this.onJoined();
            return 1;
        }

        @Override
        public Integer onLeft(Change.Left change) {
            PresenceCounter.this.onLeft(change.reason(), 1);
            return 1;
        }

        @Override
        public Integer onRenamed(Change.Renamed change) {
            return 0;
        }

        @Override
        public Integer onServerUp(Change.ServerUp change) {
            return 0;
        }

        /** No other change tells of its clients. */
        @Override
        public Integer onServerDown(Change.ServerDown change) {
            if (change.count() > 0) {
                PresenceCounter.this.onLeft(
                        change.lost() ? Departure.SERVER_LOST : Departure.SERVER_STOPPING, change.count());
            }
            return change.count();
        }
    }
}
