package io.socketz.server.haproxy;

import io.socketz.server.nio.Attachment;
import io.socketz.server.nio.EventLoop;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells an asker that every event loop runs: each has executed a task that it was given after the question. While a loop
 * hangs, the asker is told nothing. Owned by the first loop.
 *
 * <p>At most one task is in the queue of each loop. Questions that come meanwhile wait for the next round.
 */
final class LoopCheck {
    private final List<EventLoop> loops;

    /** Those who asked before this round began, and what to run for each when all loops have answered. */
    private Map<Attachment, Runnable> asked = new LinkedHashMap<>();

    /** The same for the next round. */
    private Map<Attachment, Runnable> waiting = new LinkedHashMap<>();

    private boolean underWay;

    LoopCheck(List<EventLoop> loops) {
        this.loops = loops;
    }

    /** Runs {@code onAlive} for {@code asker} once all loops have answered, unless {@code asker} is forgotten before. */
    void ask(Attachment asker, Runnable onAlive) {
        waiting.put(asker, onAlive);
        if (!underWay) {
            begin();
        }
    }

    void forget(Attachment asker) {
        waiting.remove(asker);
        asked.remove(asker);
    }

    private void begin() {
        underWay = true;
        asked = waiting;
        waiting = new LinkedHashMap<>();
        AtomicInteger silent = new AtomicInteger(loops.size());
        for (EventLoop each : loops) {
            each.execute(() -> {
                if (silent.decrementAndGet() == 0) {
                    loops.get(0).execute(this::onAllAnswered);
                }
            });
        }
    }

    private void onAllAnswered() {
        underWay = false;
        new LinkedHashMap<>(asked).forEach((asker, onAlive) -> loops.get(0).guard(asker, onAlive));
        if (!underWay && !waiting.isEmpty()) { // one of them may have asked again, and so begun
            begin();
        }
    }
}
