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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the replica true: reads everything at one revision, then watches what changes from the next one on.
 *
 * <pre>{@code
 *      +-------------------------------- any failure: after the backoff ----------------------+
 *      v                                  |                        |                          |
 *   RESTING ---> READING, page by page ---+---> OPENING a watch ---+---> WATCHING ---doubt----+
 * }</pre>
 *
 * Doubt is whatever may mean that the watch has missed something: an error, a cancel, a compaction, the plain end of the
 * stream, silence. There is no way back but to read everything again and to apply the difference.
 */
final class Follower {
    /** Is told how it goes. */
    interface Owner {
        /** A revision that etcd has reached, as far as is known. */
        long knownRevision();

        /** Everything was read: the replica is true as of {@code sentAt}, or later. */
        void onRead(long now, long sentAt);

        /** The replica has gone on, or the watch has begun. */
        void onWatched(long now);

        /** etcd's revision is lower than {@code before}, which it had once: it has lost its data. */
        void onDataLost(long revision, long before);

        void onFailure(long now, EtcdFailure failure);
    }

    private enum Phase {
        RESTING,
        READING,
        OPENING,
        WATCHING,
        ENDED
    }

    private final UUID self;
    private final Keys keys;
    private final Replica replica;
    private final Publication publication;
    private final EtcdTransport transport;
    private final Owner owner;
    private final Backoff backoff;
    private final Exchange exchange = new Exchange();

    private final PageSize pageSize = new PageSize();

    private Phase phase = Phase.RESTING;

    /** When the phase began. */
    private long phaseSince;

    /** The watch; null when there is none. */
    private @Nullable Call watch;

    /** Calls of another watch than the last one are of no interest. */
    private long watches;

    /** Of the last read: what etcd's revision could not be lower than, and the revision it was at. */
    private long readFloor;

    private long readRevision;

    /** etcd has lost its data, and they were not read since. */
    private boolean lost;

    Follower(
            UUID self,
            Keys keys,
            Replica replica,
            Publication publication,
            EtcdTransport transport,
            Random random,
            Owner owner) {
        this.self = self;
        this.keys = keys;
        this.replica = replica;
        this.publication = publication;
        this.transport = transport;
        this.owner = owner;
        this.backoff = new Backoff(random);
    }

    boolean isWatching() {
        return phase == Phase.WATCHING;
    }

    /** Since when it has been doing what it does. */
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
            case READING -> exchange.isBusy() ? exchange.deadline() : phaseSince;
            case OPENING -> phaseSince + Exchange.TIMEOUT;
            case WATCHING, ENDED -> Long.MAX_VALUE;
        };
    }

    void onTime(long now) {
        exchange.onTime(now);
        if (phase == Phase.READING && !exchange.isBusy()) { // an exception came between a page and the next one
            fail(now, new EtcdFailure(Kind.REFUSED, "what was read could not be taken up"));
        }
        if (phase == Phase.OPENING && now >= phaseSince + Exchange.TIMEOUT) {
            fail(now, new EtcdFailure(Kind.TIMEOUT, "no watch within 2 s"));
        }
        if (phase == Phase.RESTING && backoff.isOver(now)) {
            startReading(now);
        }
    }

    /** etcd was seen at a revision that it had passed: it has lost its data, however far it may be when they are read. */
    void onRevisionBack(long now, long revision) {
        lost = true;
        doubt(now, new EtcdFailure(Kind.REFUSED, "etcd's revision has gone back to " + revision));
    }

    /** What the watch has brought can not be trusted. */
    void doubt(long now, EtcdFailure why) {
        if (phase == Phase.OPENING || phase == Phase.WATCHING) {
            fail(now, why);
        }
    }

    private void fail(long now, EtcdFailure failure) {
        fail(now, failure, failure.kind());
    }

    /** @param pause how long to wait: as after a failure of that kind */
    private void fail(long now, EtcdFailure failure, Kind pause) {
        Call ended = watch;
        watch = null;
        watches++;
        if (ended != null) {
            ended.cancel();
        }
        enter(now, Phase.RESTING);
        backoff.onFailure(now, pause);
        owner.onFailure(now, failure);
    }

    // ---------------------------------------------------------------- reading

    private void startReading(long now) {
        enter(now, Phase.READING);
        readFloor = owner.knownRevision();
        readRevision = 0;
        replica.stageAnew();
        publication.stageAnew();
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
            stage(entry);
        }
        if (page.more() && !page.entries().isEmpty()) {
            pageSize.onPage(nanos, page);
            read(now, Keys.behind(page.entries().get(page.entries().size() - 1).key()));
        } else {
            onRead(now);
        }
    }

    private void stage(KeyValue entry) {
        Keys.Parsed key = keys.parse(entry.key());
        if (key == null) {
            replica.skip(entry.key(), "no key of this service");
        } else if (key.server().equals(self)) {
            publication.stage(key, entry);
        } else {
            replica.stage(entry, key);
        }
    }

    private void onRead(long now) {
        pageSize.onRead();
        if (lost || readRevision < readFloor) {
            lost = false;
            owner.onDataLost(readRevision, readFloor);
        }
        replica.showStaged(readRevision);
        publication.checkStaged(readRevision);
        owner.onRead(now, phaseSince);
        if (phase == Phase.READING) {
            open(now);
        }
    }

    // ---------------------------------------------------------------- watching

    private void open(long now) {
        enter(now, Phase.OPENING);
        long mine = ++watches;
        watch = transport.watch(keys.first(), keys.end(), readRevision + 1, new WatchListener() {
            @Override
            public void onCreated(long now) {
                if (watches == mine) {
                    enter(now, Phase.WATCHING);
                    backoff.onSuccess();
                    owner.onWatched(now);
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
            replica.apply(events);
            whole = true;
        } finally {
            if (!whole) { // a defect: then the replica is at no revision
                fail(now, new EtcdFailure(Kind.REFUSED, "a change could not be applied"));
            }
        }
        owner.onWatched(now);
    }

    /** Follows no more. The watch ends with the transport: to cancel it would mean that the endpoint is no good. */
    void end() {
        phase = Phase.ENDED;
        exchange.forget();
        watches++;
    }
}
