package io.socketz.state.etcd;

import io.socketz.state.AuditResult;
import io.socketz.state.AuditResult.Difference;
import io.socketz.state.etcd.Keys.ClientKey;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Compares this server's client keys in etcd with its clients, for those who ask.
 *
 * <pre>{@code
 *           +--------------------- the watch is lost ----------------------+
 *           v                                                              |
 *   IDLE --ask--> WAITING for a watch --> READING, page by page, --> CATCHING_UP, until the watch is
 *    ^               |                 at one revision |              at that revision
 *    +--- no watch within 2 s, or no answer -----------+                   |
 *    |                                                                  compare
 *    |                                                                     v
 *    +-------------- etcd has it, or 10 s have passed ---------------- REPAIRING
 * }</pre>
 *
 * What the watch has shown is being repaired already when the keys are compared, so what is found then is what the watch has
 * missed. It is repaired as what a read of everything finds; and everything is read again, since other keys may have been
 * missed, too.
 */
final class Auditing {
    private enum Phase {
        IDLE,
        WAITING,
        READING,
        CATCHING_UP,
        REPAIRING,
        ENDED
    }

    /** How long one comparison may take. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** If there is no watch by then, etcd is away. */
    private static final long WATCH_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** About 100 kB: neither the state thread nor a slow line is busy with that for long. */
    private static final int KEYS_A_PAGE = 500;

    /** How long a change may be on its way from etcd. If it takes longer, the revision may be that of a foreign key. */
    private static final long ON_ITS_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final EtcdFailure MISSED =
            new EtcdFailure(Kind.TIMEOUT, "the watch has missed a change of this server's keys");

    private final UUID self;
    private final Keys keys;
    private final EtcdTransport transport;
    private final Publication publication;
    private final Follower follower;
    private final LongSupplier replicaRevision;
    private final LongSupplier knownRevision;
    private final Exchange exchange = new Exchange();
    private final PageSize pageSize = new PageSize(KEYS_A_PAGE);

    /** Those who wait for the next comparison, and for the one that is being made. */
    private List<Consumer<Optional<AuditResult>>> next = new ArrayList<>();

    private List<Consumer<Optional<AuditResult>>> asking = new ArrayList<>();

    private Phase phase = Phase.IDLE;

    /** When the comparison began. */
    private long begunAt;

    /** When it began to wait for a watch, and when that watch began. */
    private long waitingSince;

    private long watchingSince;

    /** What etcd's revision was, at least, when the read began. */
    private long floor;

    /** At which the keys are read; 0 before the first page. */
    private long revision;

    /** When to have the member key written, for the sake of its revision. */
    private long beatAt = Long.MAX_VALUE;

    /** The keys that were read: by number, whether each is as it should be. */
    private final Map<Long, Boolean> found = new HashMap<>();

    /** The numbers of what was wrong. */
    private final List<Long> missing = new ArrayList<>();

    private final List<Long> ghosts = new ArrayList<>();

    private Difference difference = Difference.NONE;

    /**
     * Asks nothing before somebody does.
     *
     * @param replicaRevision the revision that the watch has reached
     * @param knownRevision a revision that etcd has reached, as far as is known
     */
    Auditing(
            UUID self,
            Keys keys,
            EtcdTransport transport,
            Publication publication,
            Follower follower,
            LongSupplier replicaRevision,
            LongSupplier knownRevision) {
        this.self = self;
        this.keys = keys;
        this.transport = transport;
        this.publication = publication;
        this.follower = follower;
        this.replicaRevision = replicaRevision;
        this.knownRevision = knownRevision;
    }

    /** @param answer called once; hears nothing if etcd does not answer */
    void ask(long now, Consumer<Optional<AuditResult>> answer) {
        next.add(answer);
        if (phase == Phase.IDLE) {
            start(now);
        } else if (phase == Phase.ENDED) {
            end();
        }
    }

    private void start(long now) {
        asking = next;
        next = new ArrayList<>();
        begunAt = now;
        awaitWatch(now);
    }

    private void awaitWatch(long now) {
        phase = Phase.WAITING;
        waitingSince = now;
        exchange.forget();
        found.clear();
    }

    /** What this server has deleted since then must be remembered. */
    long rememberFrom() {
        return phase == Phase.READING || phase == Phase.CATCHING_UP ? floor : Long.MAX_VALUE;
    }

    long deadline() {
        long patience = begunAt + PATIENCE_NANOS;
        return switch (phase) {
            case WAITING -> Math.min(patience, waitingSince + WATCH_PATIENCE_NANOS);
            case READING -> Math.min(patience, exchange.deadline());
            case CATCHING_UP -> Math.min(patience, beatAt);
            case REPAIRING -> patience;
            case IDLE, ENDED -> Long.MAX_VALUE;
        };
    }

    void onTime(long now) {
        exchange.onTime(now);
        if (phase == Phase.CATCHING_UP && now >= beatAt) {
            beatAt = Long.MAX_VALUE;
            publication.beat(now);
        }
        if (now >= deadline()) {
            if (phase == Phase.REPAIRING) {
                answer(now);
            } else {
                giveUp(now);
            }
        }
    }

    /** Before what is to be written is committed. */
    void onEventEnd(long now) {
        if ((phase == Phase.READING || phase == Phase.CATCHING_UP) && !isWatching()) {
            awaitWatch(now);
        }
        if (phase == Phase.CATCHING_UP && replicaRevision.getAsLong() >= revision) {
            compare(now);
        }
        if (phase == Phase.REPAIRING && left(missing) + left(ghosts) == 0) {
            answer(now);
        }
        if (phase == Phase.WAITING && follower.isWatching()) {
            startReading(now);
        }
    }

    /** Nothing is compared any more. */
    void end() {
        phase = Phase.ENDED;
        exchange.forget();
        tell(Optional.empty());
        asking = next;
        next = new ArrayList<>();
        tell(Optional.empty());
    }

    /** Whether the watch is still the one that was there when the read began. */
    private boolean isWatching() {
        return follower.isWatching() && follower.phaseSince() == watchingSince;
    }

    private void startReading(long now) {
        phase = Phase.READING;
        watchingSince = follower.phaseSince();
        floor = knownRevision.getAsLong();
        revision = 0;
        read(now, keys.firstClient(self));
    }

    private void read(long sentAt, String from) {
        exchange.<RangePage>start(
                sentAt,
                answer -> transport.range(from, keys.endOfClients(self), revision, pageSize.keys(), answer),
                new Answer<>() {
                    @Override
                    public void onAnswer(long now, RangePage page) {
                        onPage(now, now - sentAt, page);
                    }

                    @Override
                    public void onFailure(long now, EtcdFailure failure) {
                        boolean smaller = pageSize.onFailure(failure.kind());
                        if (smaller && failure.kind() != Kind.TIMEOUT) {
                            read(now, from);
                        } else {
                            giveUp(now);
                        }
                    }
                });
    }

    private void onPage(long now, long nanos, RangePage page) {
        if (revision == 0) {
            revision = page.revision();
        }
        if (revision < floor && isWatching()) {
            follower.onRevisionBack(now, revision);
        }
        if (!isWatching()) {
            awaitWatch(now);
            return;
        }
        for (KeyValue entry : page.entries()) {
            if (keys.parse(entry.key()) instanceof ClientKey client) {
                publication.onAudited(found, client.number(), entry);
            }
        }
        if (page.more() && !page.entries().isEmpty()) {
            pageSize.onPage(nanos, page);
            read(now, Keys.behind(page.entries().get(page.entries().size() - 1).key()));
        } else {
            pageSize.onRead();
            phase = Phase.CATCHING_UP;
            beatAt = now + ON_ITS_WAY_NANOS;
        }
    }

    private void compare(long now) {
        phase = Phase.REPAIRING;
        for (OwnClient wrong : publication.putRight(found, revision)) {
            (wrong.gone ? ghosts : missing).add(wrong.number);
        }
        found.clear();
        difference = new Difference(missing.size(), ghosts.size());
        if (!difference.isNone()) {
            follower.doubt(now, MISSED);
        }
    }

    private int left(List<Long> numbers) {
        return (int) numbers.stream().filter(publication::isWrong).count();
    }

    private void answer(long now) {
        finish(
                now,
                Optional.of(new AuditResult(
                        difference,
                        new Difference(left(missing), left(ghosts)),
                        publication.repaired(),
                        publication.pendingKeys(),
                        publication.clients(),
                        revision)));
    }

    private void giveUp(long now) {
        exchange.forget();
        finish(now, Optional.empty());
    }

    private void finish(long now, Optional<AuditResult> result) {
        phase = Phase.IDLE;
        found.clear();
        missing.clear();
        ghosts.clear();
        difference = Difference.NONE;
        tell(result);
        if (phase == Phase.IDLE && !next.isEmpty()) {
            start(now);
        }
    }

    private void tell(Optional<AuditResult> result) {
        List<Consumer<Optional<AuditResult>>> told = asking;
        asking = new ArrayList<>();
        told.forEach(each -> each.accept(result));
    }
}
