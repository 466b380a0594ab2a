package io.socketz.server.watch;

import io.socketz.server.command.Watcher;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Who watches, of the clients of one event loop. A batch goes to a few of them at a time, so that the loop's other clients
 * do not wait until thousands have got it. Owned by the loop.
 *
 * <p>Batches may wait here. The hub makes them less often the more watch, and drops nothing: a client that does not take
 * its events is closed by its session, and one whose first list takes too long, after {@value #MOST_HELD} batches.
 */
final class LoopWatches {
    /** At least 20 s. */
    private static final int MOST_HELD = 1_000;

    /** A batch on its way to those who watched when it was sent. */
    private static final class Delivery {
        private final Telling telling;
        private final List<Watch> to;
        private int next;

        Delivery(Telling telling, List<Watch> to) {
            this.telling = telling;
            this.to = to;
        }
    }

    private final Executor loop;

    /** Those who watch or begin to. */
    private final IdentityHashMap<Watcher, Watch> byWatcher = new IdentityHashMap<>();

    /** In the order in which they began; some may have ended. */
    private final List<Watch> started = new ArrayList<>();

    /** What was sent to those whose answer is not there yet. */
    private final IdentityHashMap<Watch, List<Telling>> held = new IdentityHashMap<>();

    private final Queue<Delivery> deliveries = new ArrayDeque<>();

    LoopWatches(Executor loop) {
        this.loop = loop;
    }

    boolean has(Watcher watcher) {
        return byWatcher.containsKey(watcher);
    }

    /** A client begins to watch. */
    void add(Watch watch) {
        byWatcher.put(watch.watcher, watch);
    }

    /** From now on, {@code watch} gets what is sent, but not before {@link #release}; false if it has ended. */
    boolean start(Watch watch) {
        if (!watch.ended) {
            watch.started = true;
            started.add(watch);
            held.put(watch, new ArrayList<>());
        }
        return watch.started;
    }

    /** Ends the watch of a client; null if it does not watch. */
    @Nullable
    Watch end(Watcher watcher) {
        Watch watch = byWatcher.remove(watcher);
        if (watch != null) {
            watch.ended = true;
        }
        return watch;
    }

    /** Sends {@code telling} to all who watch now. */
    void send(Telling telling) {
        started.removeIf(watch -> watch.ended);
        if (!started.isEmpty()) {
            deliveries.add(new Delivery(telling, List.copyOf(started)));
            if (deliveries.size() == 1) {
                deliver();
            }
        }
    }

    /** The answer of {@code watch} is there: what was sent meanwhile follows. On its loop. */
    void release(Watch watch) {
        List<Telling> waiting = held.remove(watch);
        if (waiting != null) { // otherwise it ended before it had begun
            waiting.forEach(telling -> send(telling, watch));
        }
    }

    private static void hold(Telling telling, Watch watch, List<Telling> waiting) {
        if (telling.isState()) {
            waiting.clear(); // which tells all that has happened before
        }
        if (waiting.size() < MOST_HELD) {
            waiting.add(telling);
        } else if (!watch.ended) {
            watch.ended = true;
            watch.watcher.onMissed(
                    String.format(Locale.ROOT, "%,d batches of events wait for its first list", MOST_HELD));
        }
    }

    private static void send(Telling telling, Watch watch) {
        if (!watch.ended) {
            byte[] events = telling.bytesFor(watch);
            if (events.length > 0) {
                watch.watcher.onEvents(events);
            }
        }
    }

    private void deliver() {
        Delivery delivery = deliveries.element();
        int end = Math.min(delivery.to.size(), delivery.next + delivery.telling.watchesAtATime());
        while (delivery.next < end) {
            Watch watch = delivery.to.get(delivery.next++);
            List<Telling> waiting = held.get(watch);
            if (waiting == null) {
                send(delivery.telling, watch);
            } else {
                hold(delivery.telling, watch, waiting);
            }
        }
        if (delivery.next == delivery.to.size()) {
            deliveries.remove();
        }
        if (!deliveries.isEmpty()) {
            loop.execute(this::deliver);
        }
    }
}
