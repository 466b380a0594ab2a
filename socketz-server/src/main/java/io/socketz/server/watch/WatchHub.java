package io.socketz.server.watch;

import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Watching;
import io.socketz.server.command.Replies;
import io.socketz.server.command.RequestRefusedException;
import io.socketz.server.command.Watcher;
import io.socketz.state.ChangeFeed;
import io.socketz.state.ChangeListener;
import io.socketz.state.Changes;
import io.socketz.state.Client;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells all who watch what changes in the cluster. Owned by the state thread, except where a method says otherwise.
 *
 * <pre>{@code
 *   ChangeFeed --changes--> batch --round--> LoopWatches of each loop --a few at a time--> Watcher
 *                                   |
 *   WATCH ------> starting ---------+--the state, or the events since a revision---------> Watcher
 *                                        what a filter selects is searched for on another thread
 * }</pre>
 *
 * Changes gather until the next round, which comes 20 ms after the last one, and later the more watch: so thousands are not
 * written to for every change. Whoever begins to watch does so in a round as well: then all of them share the text of the
 * state.
 */
public final class WatchHub {
    private static final long LEAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MOST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Twice what it takes to write to a client: so it takes half of the time of a processor at most. */
    private static final long PAUSE_NANOS_FOR_EACH = TimeUnit.MICROSECONDS.toNanos(20);

    /** How often everybody is told how new what they know is. */
    private static final long NOW_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How long a revision that this server does not know yet may take to arrive from the store. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * Someone who begins to watch.
     *
     * @param since the revision up to which it knows everything; empty if it knows nothing
     * @param until when it is refused if that revision is not known by then
     */
    private record Start(Watch watch, OptionalLong since, long until, CompletableFuture<byte[][]> answer) {}

    /** What has happened since a revision; nothing if that is not known any more. */
    private record Missed(long since, Optional<EventBatch> events) {}

    private final Registry registry;
    private final StateThread state;
    private final Executor searches;

    /** Each owned by its loop. */
    private final Map<Executor, LoopWatches> byLoop = new ConcurrentHashMap<>();

    /** How many watch; counted down by their loops. */
    private final AtomicInteger watching = new AtomicInteger();

    private final List<Start> starting = new ArrayList<>();

    /** Null before anybody has watched. */
    private @Nullable ChangeEvents events;

    private EventBatch batch = new EventBatch();

    /** What has happened since the last round is not known one by one. */
    private boolean reset;

    /** When the next round is due, as {@link System#nanoTime}; meaningless unless {@link #isRoundDue}. */
    private long roundAt;

    private boolean isRoundDue;

    private long lastRoundAt = System.nanoTime() - MOST_PAUSE_NANOS;

    private long nowAt;

    /**
     * A hub that nobody uses yet.
     *
     * @param searches runs what goes through all clients for one who watches some of them
     */
    public WatchHub(Registry registry, StateThread state, Executor searches) {
        this.registry = registry;
        this.state = state;
        this.searches = searches;
    }

    // ---------------------------------------------------------------- from the loops

    /**
     * Begins to tell a client that does not watch yet. On its loop.
     *
     * @param since the revision up to which it knows everything; empty if it knows nothing
     * @param answer what the client is answered; events come after that
     */
    void begin(Watch watch, OptionalLong since, CompletableFuture<byte[][]> answer) {
        byLoop.computeIfAbsent(watch.watcher.loop(), LoopWatches::new).add(watch);
        try {
            state.execute(() -> {
                long now = System.nanoTime();
                starting.add(new Start(watch, since, now + PATIENCE_NANOS, answer));
                scheduleRound(now);
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(e);
        }
    }

    /** Whether a client watches or has begun to. On its loop. */
    public boolean isWatching(Watcher watcher) {
        LoopWatches watches = byLoop.get(watcher.loop());
        return watches != null && watches.has(watcher);
    }

    /** A client does not watch any more, because it says so, or because it has gone. On its loop. Returns whether it did. */
    public boolean end(Watcher watcher) {
        LoopWatches watches = byLoop.get(watcher.loop());
        Watch ended = watches == null ? null : watches.end(watcher);
        if (ended != null && ended.started) {
            watching.decrementAndGet();
        }
        return ended != null;
    }

    /** How many clients watch. From any thread. */
    public int watching() {
        return watching.get();
    }

    // ---------------------------------------------------------------- rounds

    private final class Listener implements ChangeListener {
        @Override
        public void onChanges(Changes changes) {
            if (watching.get() > 0 && !reset) {
                events().addTo(batch, changes);
                scheduleRound(System.nanoTime());
            }
        }

        @Override
        public void onReset() {
            reset = true;
            scheduleRound(System.nanoTime());
        }
    }

    private ChangeEvents events() {
        if (events == null) {
            events = new ChangeEvents(feed().state());
            feed().listen(new Listener());
        }
        return events;
    }

    private ChangeFeed feed() {
        return registry.changes();
    }

    /** Has a round come soon, but not too soon after the last one. */
    private void scheduleRound(long now) {
        long pause = Math.min(MOST_PAUSE_NANOS, Math.max(LEAST_PAUSE_NANOS, watching.get() * PAUSE_NANOS_FOR_EACH));
        scheduleRoundAt(Math.max(now, lastRoundAt + pause));
    }

    private void scheduleRoundAt(long time) {
        if (!isRoundDue || time - roundAt < 0) {
            isRoundDue = true;
            roundAt = time;
            state.executeAt(time, () -> onRoundDue(time));
        }
    }

    private void onRoundDue(long time) {
        if (isRoundDue && time == roundAt) { // otherwise an earlier one has replaced it
            isRoundDue = false;
            round(System.nanoTime());
            lastRoundAt = System.nanoTime(); // its own time does not count: state texts may be large
        }
    }

    private void round(long now) {
        StateText text = new StateText(feed().state());
        if (reset) {
            reset = false;
            events().reset(text.roster);
            sendState(text);
        } else if (!batch.isEmpty()) {
            send(batch.complete());
        }
        batch = new EventBatch();
        if (watching.get() == 0) {
            events().reset(text.roster); // nobody listened
            nowAt = now + NOW_INTERVAL_NANOS;
        }
        start(now, text);
        sendNow(now, text.roster);
        if (!starting.isEmpty()) {
            scheduleRound(now + LEAST_PAUSE_NANOS);
        } else if (watching.get() > 0) {
            scheduleRoundAt(nowAt);
        }
    }

    private void send(Telling sent) {
        byLoop.forEach((loop, watches) -> loop.execute(() -> watches.send(sent)));
    }

    private void sendNow(long now, Roster roster) {
        if (watching.get() > 0 && now - nowAt >= 0) {
            EventBatch tick = new EventBatch();
            tick.add(new Event.Now(roster.revision(), Duration.ofNanos(roster.age(now))).toBytes(), null);
            send(tick.complete());
            nowAt = now + NOW_INTERVAL_NANOS;
        }
    }

    /** Everybody gets the state, each as far as it is meant. */
    private void sendState(StateText text) {
        if (watching.get() > 0) {
            text.prepare();
            byte[] resync = new Event.Resync(text.roster.revision()).toBytes();
            send(new Telling() {
                @Override
                public byte[] bytesFor(Watch watch) {
                    return EventBatch.join(List.of(resync, text.bytesFor(watch)));
                }

                @Override
                public boolean isState() {
                    return true;
                }
            });
        }
    }

    // ---------------------------------------------------------------- those who begin

    private void start(long now, StateText text) {
        // Thousands resume at few revisions: those at the same one share what they have missed.
        List<Start> waiting = new ArrayList<>(starting);
        waiting.sort(Comparator.comparingLong(start -> start.since.orElse(-1)));
        starting.clear();
        Missed missed = new Missed(-1, Optional.empty());
        for (Start start : waiting) {
            try {
                long since = start.since.orElse(-1);
                if (since != missed.since && since <= text.roster.revision()) {
                    missed = new Missed(since, eventsSince(since, text.roster));
                }
                start.watch.resolve(text.roster.members());
                Supplier<byte[][]> answer = answer(start, text, missed.events);
                if (answer != null) {
                    begin(start, answer);
                } else if (now - start.until < 0) {
                    starting.add(start);
                } else {
                    throw new RequestRefusedException(
                            "UNKNOWN_REVISION",
                            "expected SINCE and a revision of this cluster, " + text.roster.revision() + " at most");
                }
            } catch (RequestRefusedException e) {
                start.watch.watcher.loop().execute(() -> end(start.watch.watcher));
                start.answer.complete(new byte[][] {e.reply().toBytes()});
            }
        }
    }

    /** From now on, the loop holds back what is sent to this one, until its answer is there. */
    private void begin(Start start, Supplier<byte[][]> answer) {
        watching.incrementAndGet();
        Watch watch = start.watch;
        Executor loop = watch.watcher.loop();
        LoopWatches watches = Objects.requireNonNull(byLoop.get(loop));
        loop.execute(() -> {
            if (!watches.start(watch)) { // it has ended meanwhile
                watching.decrementAndGet();
            }
        });
        Runnable tell = () -> {
            complete(start.answer, answer);
            loop.execute(() -> watches.release(watch));
        };
        if (watch.isUnfiltered()) { // all of them share it
            tell.run();
            return;
        }
        try {
            searches.execute(tell);
        } catch (RejectedExecutionException e) {
            start.answer.completeExceptionally(e);
        }
    }

    private static void complete(CompletableFuture<byte[][]> answer, Supplier<byte[][]> value) {
        try {
            answer.complete(value.get());
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }

    /**
     * What a client is answered that begins, made of what does not change any more; null if it knows more than this server.
     *
     * @param missed what has happened since the revision that it knows; empty if that is not known any more
     */
    private @Nullable Supplier<byte[][]> answer(Start start, StateText text, Optional<EventBatch> missed) {
        Watch watch = start.watch;
        if (start.since.isEmpty()) {
            return () -> new byte[][] {text.bytesFor(watch)};
        }
        long since = start.since.getAsLong();
        if (since > text.roster.revision()) {
            return null;
        }
        return missed.isEmpty()
                ? () -> new byte[][] {new Event.Resync(text.roster.revision()).toBytes(), text.bytesFor(watch)}
                : () -> new byte[][] {
                    new Watching(since).toBytes(), missed.get().bytesFor(watch)
                };
    }

    /** What has happened since {@code revision}; empty if that is not known any more. */
    private Optional<EventBatch> eventsSince(long revision, Roster roster) {
        return feed().since(revision).map(changes -> {
            EventBatch events = new EventBatch();
            ChangeEvents encoder = new ChangeEvents(roster);
            changes.forEach(encoder::addServers);
            changes.forEach(each -> encoder.addTo(events, each));
            return events.complete();
        });
    }

    /** The state as text, made once for all who get all of it. */
    static final class StateText {
        private final Roster roster;
        private byte @Nullable [] all;

        StateText(Roster roster) {
            this.roster = roster;
        }

        /** Makes the text of all of it, for any thread to use. */
        void prepare() {
            all = format(roster.clients());
        }

        byte[] bytesFor(Watch watch) {
            if (!watch.isUnfiltered()) {
                return format(roster.clients().stream().filter(watch::admits).toList());
            }
            if (all == null) {
                prepare();
            }
            return Objects.requireNonNull(all);
        }

        private byte[] format(List<Client> clients) {
            return Replies.clients(clients, roster, Optional.empty()).toBytes();
        }
    }
}
