package io.socketz.server;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells those who ask that every event loop turns: that each has done a task which it was given after they asked. Where
 * one hangs, they are told nothing. Owned by the first loop.
 *
 * <p>At most one task is in the queue of each loop. Those who ask meanwhile have a round of their own afterwards.
 */
final class LoopCheck {
    private final List<EventLoop> loops;
    private Set<AgentPeer> asked = new LinkedHashSet<>();
    private Set<AgentPeer> waiting = new LinkedHashSet<>();
    private boolean underWay;

    LoopCheck(List<EventLoop> loops) {
        this.loops = loops;
    }

    /** Calls {@link AgentPeer#onAlive} of {@code peer}, unless it is forgotten before. */
    void ask(AgentPeer peer) {
        waiting.add(peer);
        if (!underWay) {
            begin();
        }
    }

    void forget(AgentPeer peer) {
        waiting.remove(peer);
        asked.remove(peer);
    }

    private void begin() {
        underWay = true;
        asked = waiting;
        waiting = new LinkedHashSet<>();
        AtomicInteger silent = new AtomicInteger(loops.size());
        for (EventLoop each : loops) {
            each.execute(() -> {
                if (silent.decrementAndGet() == 0) {
                    loops.get(0).execute(this::onAllTurn);
                }
            });
        }
    }

    private void onAllTurn() {
        underWay = false;
        for (AgentPeer peer : List.copyOf(asked)) {
            loops.get(0).guard(peer, peer::onAlive);
        }
        if (!waiting.isEmpty()) {
            begin();
        }
    }
}
