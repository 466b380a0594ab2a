package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import io.socketz.state.etcd.transport.EtcdTransport.Call;
import io.socketz.state.etcd.transport.EtcdTransport.WatchListener;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.WatchEvent;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the replica true: reads everything at one revision, then watches the changes from the next revision on.
 *
 * <pre>{@code
 *      +-------------------------------- any failure: after the backoff ----------------------+
 *      v                                  |                        |                          |
 *   RESTING ---> READING, page by page ---+---> OPENING a watch ---+---> WATCHING ---doubt----+
 *      |                                             ^
 *      +---> CHECKING that the data is the same -----+   if a watch has broken off, and no more than that
 * }</pre>
 *
 * Whatever may mean that the watch has missed something is doubt: an error, a cancel, a compaction, the plain end of the
 * stream, silence. The way out is to read everything again and to apply the difference: what has happened in between is
 * not known then. One case is better. A watch that has ended for lack of a connection or a leader has brought everything up
 * to the replica's revision, whole revisions only, so the next watch may begin after it: if etcd still has that revision, and
 * it is that of the same data.
 */
final class Follower {
    /** Hears what becomes of the replica. */
    interface ReplicaListener {
        /** Everything was read: the replica has all that had happened by {@code sentAt}. */
        void onRead(long now, long sentAt);

        /** The replica is at a later revision, or the watch has begun. */
        void onWatched(long now);

        /** etcd's revision is lower than {@code before}, which it had reached: it has lost its data. */
        void onDataLost(long revision, long before);

        /** A read or a watch has failed. It is tried again; until then, the replica grows old. */
        void onFailure(long now, EtcdFailure failure);
    }

    private enum Phase {
        RESTING,
        CHECKING,
        READING,
        OPENING,
        WATCHING,
        ENDED
    }

    private final Keys keys;
    private final KeyRouter router;
    private final EtcdTransport transport;
    private final LongSupplier knownRevision;
    private final ReplicaListener listener;
    private final Backoff backoff;
    private final Exchange exchange = new Exchange();

    /** With a watch that is opened. */
    private final Patience patience = new Patience();

    private final PageSize pageSize = new PageSize(PageSize.MOST);

    private Phase phase = Phase.RESTING;

    /** When the phase began. */
    private long phaseSince;

    /** The watch; null when there is none. */
    private @Nullable Call watch;

    /** Counts watches: calls of any watch but the last one are ignored. */
    private long watches;

    /** What etcd's revision was, at least, when the last read began. */
    private long readFloor;

    /** The revision that the last read is of; 0 before its first page. */
    private long readRevision;

    /** etcd has lost its data, and nothing was read since. */
    private boolean lost;

    /** A watch has brought everything up to the replica's revision, and has not ended in doubt: the next one may resume there. */
    private boolean resumable;

    /** @param knownRevision a revision that etcd has reached, as far as is known */
    Follower(
            Keys keys,
            KeyRouter router,
            EtcdTransport transport,
            Random random,
            LongSupplier knownRevision,
            ReplicaListener listener) {
        this.keys = keys;
        this.router = router;
        this.transport = transport;
        this.knownRevision = knownRevision;
        this.listener = listener;
        this.backoff = new Backoff(random);
    }

    boolean isWatching() {
        return phase == Phase.WATCHING;
    }

    /** When the current phase began. */
    long phaseSince() {
        return phaseSince;
    }

    private void enter(long now, Phase next) {
        phase = next;
        phaseSince = now;
    }

    long deadline() {
        return switch (phase) {
            case RESTING -> backoff.until();
            case CHECKING, READING -> exchange.isBusy() ? exchange.deadline() : phaseSince;
            case OPENING -> phaseSince + patience.nanos();
            case WATCHING, ENDED -> Long.MAX_VALUE;
        };
    }

    void onTime(long now) {
        exchange.onTime(now);
        if ((phase == Phase.READING || phase == Phase.CHECKING) && !exchange.isBusy()) {
            // An exception has stopped it, as between two pages.
            fail(now, new EtcdFailure(Kind.REFUSED, "a page could not be applied"));
        }
        if (phase == Phase.OPENING && now >= phaseSince + patience.nanos()) {
            fail(now, new EtcdFailure(Kind.TIMEOUT, "no watch within " + patience.text()));
        }
        if (phase == Phase.RESTING && backoff.isOver(now)) {
            KeyValue member = router.member();
            if (resumable && !lost && member != null) {
                check(now, member);
            } else {
                startReading(now);
            }
        }
    }

    /** etcd was seen at a revision that it had passed: it has lost its data, whatever its revision is by the next read. */
    void onRevisionBack(long now, long revision) {
        lost = true;
        doubt(now, new EtcdFailure(Kind.REFUSED, "etcd's revision has gone back to " + revision));
    }

    /** The watch may have missed something. */
    void doubt(long now, EtcdFailure why) {
        resumable = false;
        if (phase == Phase.OPENING || phase == Phase.WATCHING) {
            fail(now, why);
        }
    }

    private void fail(long now, EtcdFailure failure) {
        fail(now, failure, failure.kind());
    }

    /** @param pause the kind of failure whose backoff to wait for */
    private void fail(long now, EtcdFailure failure, Kind pause) {
        if (phase == Phase.OPENING) {
            resumable = false;
            patience.onFailure(failure.kind());
        }
        resumable &= isBreak(failure.kind());
        Call ended = watch;
        watch = null;
        watches++;
        if (ended != null) {
            ended.cancel();
        }
        enter(now, Phase.RESTING);
        backoff.onFailure(now, pause);
        listener.onFailure(now, failure);
    }

    /** Whether it says nothing about etcd's data. */
    private static boolean isBreak(Kind kind) {
        return kind == Kind.UNAVAILABLE || kind == Kind.TIMEOUT;
    }

    // ---------------------------------------------------------------- checking

    /** Reads this server's member key at the replica's revision: if it is what is known of it, nothing else need be read. */
    private void check(long now, KeyValue member) {
        enter(now, Phase.CHECKING);
        long floor = knownRevision.getAsLong();
        exchange.<RangePage>start(
                now,
                answer -> transport.range(member.key(), Keys.behind(member.key()), router.revision(), 1, answer),
                new Answer<>() {
                    @Override
                    public void onAnswer(long now, RangePage page) {
                        if (lost || page.revision() < floor || !isThere(member, page.entries())) {
                            lost = true;
                            startReading(now);
                        } else {
                            open(now);
                        }
                    }

                    @Override
                    public void onFailure(long now, EtcdFailure failure) {
                        fail(now, failure);
                    }
                });
    }

    private static boolean isThere(KeyValue known, List<KeyValue> entries) {
        return entries.size() == 1
                && entries.get(0).revision() == known.revision()
                && entries.get(0).lease() == known.lease();
    }

    // ---------------------------------------------------------------- reading

    private void startReading(long now) {
        enter(now, Phase.READING);
        readFloor = knownRevision.getAsLong();
        readRevision = 0;
        router.startReading();
        read(now, keys.first());
    }

    private void read(long sentAt, String from) {
        exchange.<RangePage>start(
                sentAt,
                answer -> transport.range(from, keys.end(), readRevision, pageSize.keys(), answer),
                new Answer<>() {
                    @Override
                    public void onAnswer(long now, RangePage page) {
                        onPage(now, now - sentAt, page);
                    }

                    @Override
                    public void onFailure(long now, EtcdFailure failure) {
                        boolean smaller = pageSize.onFailure(failure.kind());
                        fail(now, failure, smaller ? Kind.TIMEOUT : failure.kind());
                    }
                });
    }

    private void onPage(long now, long nanos, RangePage page) {
        if (readRevision == 0) {
            readRevision = page.revision();
        }
        for (KeyValue entry : page.entries()) {
            router.read(entry);
        }
        if (page.more() && !page.entries().isEmpty()) {
            pageSize.onPage(nanos, page);
            read(now, Keys.behind(page.entries().get(page.entries().size() - 1).key()));
        } else {
            onRead(now);
        }
    }

    private void onRead(long now) {
        pageSize.onRead();
        if (lost || readRevision < readFloor) {
            lost = false;
            listener.onDataLost(readRevision, readFloor);
        }
        router.endReading(readRevision);
        listener.onRead(now, phaseSince);
        if (phase == Phase.READING) {
            open(now);
        }
    }

    // ---------------------------------------------------------------- watching

    private void open(long now) {
        enter(now, Phase.OPENING);
        long mine = ++watches;
        watch = transport.watch(keys.first(), keys.end(), router.revision() + 1, new WatchListener() {
            @Override
            public void onCreated(long now) {
                if (watches == mine) {
                    patience.onAnswer(now - phaseSince);
                    enter(now, Phase.WATCHING);
                    resumable = true;
                    backoff.onSuccess();
                    listener.onWatched(now);
                }
            }

            @Override
            public void onEvents(long now, List<WatchEvent> events) {
                if (watches == mine) {
                    apply(now, events);
                }
            }

            @Override
            public void onEnd(long now, EtcdFailure failure) {
                if (watches == mine) {
                    watch = null;
                    fail(now, failure);
                }
            }
        });
    }

    private void apply(long now, List<WatchEvent> events) {
        boolean whole = false;
        try {
            router.apply(events);
            whole = true;
        } finally {
            if (!whole) { // a defect: the replica is no copy of any revision now
                resumable = false;
                fail(now, new EtcdFailure(Kind.REFUSED, "a change could not be applied"));
            }
        }
        listener.onWatched(now);
    }

    /** Stops for good. The watch ends with the transport: a cancel would tell the transport that its endpoint is bad. */
    void end() {
        phase = Phase.ENDED;
        exchange.forget();
        watches++;
    }
}
