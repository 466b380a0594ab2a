package io.socketz.state.etcd;

import io.socketz.state.etcd.Weather.Fate;
import io.socketz.state.etcd.Weather.WatchFate;
import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.WatchEvent;
import io.socketz.state.etcd.transport.Write;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to a {@link ModelEtcd}, through the current {@link Weather}.
 *
 * <pre>{@code
 *   owner: request --delay--> timeline: effect on the model --delay--> owner: answer, unless cancelled
 * }</pre>
 *
 * The timeline owns the model and all that is on its way; the owner's calls only enqueue there.
 */
final class ModelTransport implements EtcdTransport {
    private static final int MAX_WRITES = 128;

    private final String name;
    private final ModelEtcd etcd;
    private final Timeline timeline;
    private final Weather weather;
    private final CallbackExecutor owner;

    /** Requests without an answer yet. Owned by the timeline. */
    private final Set<Request<?>> requests = new LinkedHashSet<>();

    /** Watches that have not ended. Owned by the timeline. */
    private final Set<Watch> watches = new LinkedHashSet<>();

    /** Keys whose changes no watch brings. Owned by the timeline. */
    private Predicate<String> unseen = key -> false;

    /** Owned by the timeline. */
    private boolean closed;

    /** Set by close: there are no callbacks after it. */
    private volatile boolean unheard;

    /** Owned by the owner. */
    private int commitsUnderWay;

    /** Owned by the owner. */
    private boolean commitFailed;

    /** Owned by the owner. */
    private int memberCommits;

    /** Owned by the owner. */
    private int requestsMade;

    /** Owned by the owner. */
    private int watchesResumed;

    /** Whether keys were read since the last watch was asked for. Owned by the owner. */
    private boolean read;

    /** @param name of the registry, for the trace */
    ModelTransport(String name, ModelEtcd etcd, Timeline timeline, Weather weather, CallbackExecutor owner) {
        this.name = name;
        this.etcd = etcd;
        this.timeline = timeline;
        this.weather = weather;
        this.owner = owner;
    }

    /** How many watches have begun without that everything was read since the one before. */
    int watchesResumed() {
        return watchesResumed;
    }

    /** How many requests and watches there were. */
    int requestsMade() {
        return requestsMade;
    }

    @Override
    public Call grantLease(long ttlSeconds, Answer<Long> answer) {
        return request(() -> "grant " + ttlSeconds + " s", now -> etcd.grant(now, ttlSeconds), answer);
    }

    @Override
    public Call keepAlive(long lease, Answer<Long> answer) {
        return request(() -> "keep alive " + lease, now -> etcd.keepAlive(now, lease), answer);
    }

    @Override
    public Call revokeLease(long lease, Answer<Long> answer) {
        return request(() -> "revoke " + lease, now -> etcd.revoke(now, lease), answer);
    }

    @Override
    public Call commit(Fence fence, List<Write> writes, Answer<Committed> answer) {
        List<Write> copy = List.copyOf(writes);
        Set<String> keys = new HashSet<>();
        for (Write write : copy) {
            check(keys.add(write.key()), "two writes of " + write.key() + " in one commit");
        }
        check(!copy.isEmpty() && copy.size() <= MAX_WRITES, copy.size() + " writes in a commit");
        check(commitsUnderWay++ == 0, "two commits at a time");
        boolean withMember = copy.stream().anyMatch(write -> write instanceof Write.Put put && isMember(put));
        boolean failedBefore = commitFailed;
        Request<Committed> request = request(
                () -> "commit " + describe(copy), now -> etcd.commit(now, fence, copy), new Answer<Committed>() {
                    @Override
                    public void onAnswer(long now, Committed outcome) {
                        boolean memberWritten = withMember && outcome.written();
                        commitFailed = failedBefore && !memberWritten;
                        memberCommits += memberWritten ? 1 : 0;
                        answer.onAnswer(now, outcome);
                    }

                    @Override
                    public void onFailure(long now, EtcdFailure failure) {
                        commitFailed = failure.kind() != Kind.LEASE_NOT_FOUND || failedBefore;
                        answer.onFailure(now, failure);
                    }
                });
        request.ended = () -> {
            commitsUnderWay--;
            commitFailed = true; // unless it was answered: then that is heard next
        };
        return request;
    }

    private static boolean isMember(Write.Put put) {
        return put.key().contains("/members/");
    }

    /** Whether a commit has failed, not for lack of a lease, or was given up, since the last success of one with the member key. */
    boolean hasCommitFailed() {
        return commitFailed;
    }

    /** How many commits of the member key have succeeded. */
    int memberCommits() {
        return memberCommits;
    }

    @Override
    public Call range(String from, String to, long revision, int limit, Answer<RangePage> answer) {
        check(limit > 0, "a limit of " + limit);
        read |= !to.equals(Keys.behind(from)); // not a single one
        return request(
                () -> "range at " + revision + " from " + from,
                now -> etcd.range(from, to, revision, Math.min(limit, weather.pageLimit())),
                answer);
    }

    @Override
    public Call revision(String key, Answer<Long> answer) {
        return request(() -> "revision", now -> etcd.revision(), answer);
    }

    @Override
    public Call watch(String from, String to, long revision, WatchListener listener) {
        requestsMade++;
        Watch watch = new Watch(from, to, revision, !read, listener);
        read = false;
        trace(() -> "watch from " + revision);
        timeline.at(timeline.now() + weather.delay(), watch::arrive);
        return watch;
    }

    @Override
    public void close() {
        unheard = true;
        timeline.at(timeline.now(), () -> {
            closed = true;
            requests.clear();
            for (Watch watch : List.copyOf(watches)) {
                watch.forget();
            }
        });
    }

    private static void check(boolean condition, String failure) {
        if (!condition) {
            throw new AssertionError(failure);
        }
    }

    private static String describe(List<Write> writes) {
        StringBuilder text = new StringBuilder();
        for (Write write : writes) {
            text.append(write instanceof Write.Put ? " +" : " -").append(write.key());
            if (write instanceof Write.Put put) {
                text.append('@').append(put.lease());
            }
        }
        return text.toString();
    }

    private void trace(Supplier<String> line) {
        timeline.trace(() -> name + " " + line.get());
    }

    private <T> Request<T> request(Supplier<String> what, LongFunction<T> effect, Answer<T> answer) {
        requestsMade++;
        Request<T> request = new Request<>(what, effect, answer);
        request.send();
        return request;
    }

    // ---------------------------------------------------------------- harm, done on the timeline

    /** Fails everything that is on its way, as a broken connection does; requests may still have their effect. */
    void breakConnection(EtcdFailure failure) {
        for (Request<?> request : List.copyOf(requests)) {
            request.fail(failure);
        }
        endWatches(failure);
    }

    /** Ends the watches. */
    void endWatches(EtcdFailure failure) {
        for (Watch watch : List.copyOf(watches)) {
            watch.end(failure);
        }
    }

    /** The watches stay open, but bring nothing more. */
    void silenceWatches() {
        watches.forEach(watch -> watch.silent = true);
    }

    /** The watches do not bring the changes of some keys from now on, which no etcd does. */
    void hide(Predicate<String> keys) {
        unseen = keys;
    }

    private void failed() {
        if (weather.breaksConnection()) {
            weather.harm(timeline.now());
            timeline.at(timeline.now(), () -> breakConnection(unavailable("connection reset")));
        }
    }

    private static EtcdFailure unavailable(String detail) {
        return new EtcdFailure(Kind.UNAVAILABLE, "model: " + detail);
    }

    // ---------------------------------------------------------------- one request

    private final class Request<T> implements Call {
        private final Supplier<String> what;
        private final LongFunction<T> effect;
        private final Answer<T> answer;

        /** The outcome was reported, or the request cancelled. Owned by the owner. */
        private @Nullable Runnable ended;

        /** Its failure is on its way. Owned by the timeline. */
        private boolean failing;

        /** Owned by the owner. */
        private boolean over;

        Request(Supplier<String> what, LongFunction<T> effect, Answer<T> answer) {
            this.what = what;
            this.effect = effect;
            this.answer = answer;
        }

        void send() {
            Fate fate = weather.fate(timeline.now());
            trace(() -> what.get() + (fate == Fate.ARRIVES ? "" : " " + fate));
            long there = fate == Fate.LATE ? weather.lateDelay() : weather.delay();
            timeline.at(timeline.now(), () -> requests.add(this));
            timeline.at(timeline.now() + there, () -> arrive(fate));
        }

        private void arrive(Fate fate) {
            if (closed || fate == Fate.LOST) {
                return;
            }
            if (fate == Fate.REFUSED) {
                fail(unavailable("refused"));
                return;
            }
            if (!etcd.available()) {
                fail(unavailable("no leader"));
                return;
            }
            T value;
            try {
                value = effect.apply(timeline.now());
            } catch (ModelEtcd.Refusal e) {
                trace(() -> what.get() + ": " + e.getMessage());
                if (fate != Fate.ANSWER_LOST) {
                    fail(e.failure());
                }
                return;
            }
            if (fate == Fate.FAILS_AND_HAPPENS) {
                fail(unavailable("gone after the request"));
            } else if (fate != Fate.ANSWER_LOST && requests.contains(this)) {
                long onTheLine = value instanceof RangePage page
                        ? weather.lineDelay(page.entries().size())
                        : 0;
                timeline.at(
                        timeline.now() + weather.delay() + onTheLine,
                        () -> give(now -> {
                            trace(() -> what.get() + " -> " + describe(value));
                            answer.onAnswer(now, value);
                        }));
            }
        }

        private String describe(Object value) {
            return value instanceof RangePage page
                    ? page.entries().size() + " entries" + (page.more() ? " of more" : "") + " at " + page.revision()
                    : value.toString();
        }

        void fail(EtcdFailure failure) {
            if (!failing && requests.contains(this)) {
                failing = true;
                timeline.at(
                        timeline.now() + weather.delay(),
                        () -> give(now -> {
                            trace(() -> what.get() + " -> " + failure);
                            answer.onFailure(now, failure);
                        }));
                if (failure.kind() == Kind.UNAVAILABLE) {
                    failed();
                }
            }
        }

        private void give(LongConsumer event) {
            if (requests.remove(this)) {
                owner.execute(now -> {
                    if (!over && !unheard) {
                        end();
                        event.accept(now);
                    }
                });
            }
        }

        private void end() {
            over = true;
            if (ended != null) {
                ended.run();
            }
        }

        @Override
        public void cancel() {
            if (!over) {
                trace(() -> "cancels " + what.get());
                end();
                timeline.at(timeline.now(), () -> {
                    if (requests.remove(this)) {
                        failed();
                    }
                });
            }
        }
    }

    // ---------------------------------------------------------------- one watch

    private final class Watch implements Call {
        private final String from;
        private final String to;
        private final WatchListener listener;
        private final Runnable changed = this::changed;

        /** The first revision that was not sent. Owned by the timeline. */
        private long next;

        /** Owned by the timeline. */
        private boolean sending;

        /** Owned by the timeline. */
        private boolean silent;

        /** When the last delivery arrives: none overtakes another. Owned by the timeline. */
        private long arrivesAt;

        /** Owned by the timeline. */
        private boolean gone;

        /** Owned by the owner. */
        private boolean over;

        /** Whether nothing was read before it. */
        private final boolean resumed;

        Watch(String from, String to, long revision, boolean resumed, WatchListener listener) {
            this.resumed = resumed;
            this.from = from;
            this.to = to;
            this.next = revision;
            this.listener = listener;
        }

        void arrive() {
            WatchFate fate = weather.watchFate(timeline.now());
            if (closed || gone) {
                return;
            }
            watches.add(this);
            if (fate != WatchFate.BEGINS) {
                trace(() -> "watch " + fate);
            }
            if (fate == WatchFate.ENDS_AT_ONCE || !etcd.available()) {
                end(unavailable("no watch"));
            } else if (fate == WatchFate.NEVER_BEGINS) {
                silent = true;
            } else {
                begin(fate);
            }
        }

        private void begin(WatchFate fate) {
            if (next == 0) {
                next = etcd.revision() + 1;
            }
            etcd.observe(changed);
            deliver(fate == WatchFate.BEGINS_LATE ? weather.lateDelay() : weather.delay(), now -> {
                watchesResumed += resumed ? 1 : 0;
                listener.onCreated(now);
            });
            silent = fate == WatchFate.FALLS_SILENT;
            changed();
        }

        /** There may be something to send. */
        private void changed() {
            if (!sending && !gone && next <= etcd.revision()) {
                sending = true;
                timeline.at(timeline.now() + weather.watchDelay(), this::send);
            }
        }

        private void send() {
            sending = false;
            if (gone || next > etcd.revision()) {
                return;
            }
            if (next < etcd.compacted()) {
                end(new EtcdFailure(Kind.COMPACTED, "model: required revision has been compacted"));
                return;
            }
            List<WatchEvent> events = new ArrayList<>();
            ModelEtcd.History history = etcd.history(etcd.generation());
            for (long revision = Math.max(2, next); revision <= etcd.revision(); revision++) {
                for (ModelEtcd.Change change : history.at(revision)) {
                    if (change.key().compareTo(from) >= 0
                            && change.key().compareTo(to) < 0
                            && !unseen.test(change.key())) {
                        events.add(change.event());
                    }
                }
            }
            next = etcd.revision() + 1;
            if (!events.isEmpty()) {
                deliver(weather.delay(), now -> {
                    trace(() -> "watch -> " + describeEvents(events));
                    listener.onEvents(now, events);
                });
            }
        }

        private String describeEvents(List<WatchEvent> events) {
            StringBuilder text = new StringBuilder();
            for (WatchEvent event : events) {
                text.append(event.put() == null ? " -" : " +")
                        .append(event.key())
                        .append('#')
                        .append(event.revision());
            }
            return text.toString();
        }

        private void deliver(long delay, LongConsumer event) {
            if (silent) {
                return;
            }
            arrivesAt = Math.max(arrivesAt, timeline.now() + delay);
            timeline.at(arrivesAt, () -> {
                if (!gone && !silent) {
                    give(event);
                }
            });
        }

        private void give(LongConsumer event) {
            owner.execute(now -> {
                if (!over && !unheard) {
                    event.accept(now);
                }
            });
        }

        /** Earlier deliveries may or may not still arrive. */
        void end(EtcdFailure failure) {
            if (watches.remove(this)) {
                etcd.ignore(changed);
                timeline.at(Math.max(timeline.now(), arrivesAt), () -> {
                    if (!gone) {
                        gone = true;
                        owner.execute(now -> {
                            if (!over && !unheard) {
                                over = true;
                                trace(() -> "watch -> end: " + failure);
                                listener.onEnd(now, failure);
                            }
                        });
                    }
                });
            }
        }

        void forget() {
            gone = true;
            watches.remove(this);
            etcd.ignore(changed);
        }

        @Override
        public void cancel() {
            if (!over) {
                trace(() -> "cancels watch");
                over = true;
                timeline.at(timeline.now(), () -> {
                    if (!gone) {
                        forget();
                        failed();
                    }
                });
            }
        }
    }
}
