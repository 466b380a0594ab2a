package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Knows up to when the replica is known to be complete (confirmed), and confirms it for those who ask.
 *
 * <p>A proof is the revision that etcd answers a request with: it includes everything that had happened when the request
 * was sent. Once the replica is at that revision, it is complete up to then. Commits bring proofs, and so do the reads made
 * here: one at a time, shared by all who ask meanwhile.
 */
final class Freshness {
    /** etcd was at {@code revision} at some time after {@code sentAt}. */
    private record Proof(long sentAt, long revision) {}

    /** Asks whether the replica is fresh. */
    interface Asker {
        /** The replica has everything that had happened when it was asked. */
        void onFresh();

        /** That could not be confirmed in time. */
        void onStale(long now);
    }

    private record Question(long askedAt, Asker asker) {}

    /** Hears of etcd's revision. */
    interface RevisionListener {
        /** etcd was at {@code revision} at some time after {@code sentAt}. */
        void onRevision(long now, long sentAt, long revision);

        /** The replica does not get to a revision that etcd has: it may be the revision of a key outside the prefix. */
        void onStuck(long now);

        /** etcd's revision is lower than it was before. */
        void onRevisionBack(long now, long revision);

        /** etcd's revision could not be read; that will be retried. */
        void onFailure(long now, EtcdFailure failure);
    }

    /** How long an asker waits at most. */
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** How long a change may be on its way from etcd. */
    private static final long ON_ITS_WAY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int MAX_PROOFS = 64;

    /** Beats confirm the replica every 2 s. If they do not, for example since writes are refused, a read does after this time. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final String key;
    private final EtcdTransport transport;
    private final BooleanSupplier published;
    private final LongSupplier knownRevision;
    private final RevisionListener listener;
    private final Exchange exchange = new Exchange();
    private final Backoff backoff;

    /** Those that the replica has not reached, in order of time and of revision. */
    private final Deque<Proof> proofs = new ArrayDeque<>();

    /** In order of arrival, which is nearly the order of time. */
    private final Deque<Question> questions = new ArrayDeque<>();

    /** The latest time of a question. */
    private long askedAt = Long.MIN_VALUE;

    private long confirmedAt;
    private boolean confirmed;

    /** When the last read began. */
    private long readAt = Long.MIN_VALUE;

    /** How often etcd has lost its data. */
    private long losses;

    /** When to report that the replica is stuck; {@link Long#MAX_VALUE} unless a read has shown it to be behind. */
    private long stuckAt = Long.MAX_VALUE;

    /** That was reported: once is enough until the replica moves on. */
    private boolean stuck;

    /**
     * Confirms nothing yet.
     *
     * @param key some key to read etcd's revision with
     * @param published whether etcd has this server's part: without it, the roster is not what other servers show
     * @param knownRevision a revision that etcd has reached, as far as is known
     */
    Freshness(
            String key,
            EtcdTransport transport,
            Random random,
            BooleanSupplier published,
            LongSupplier knownRevision,
            RevisionListener listener) {
        this.key = key;
        this.transport = transport;
        this.published = published;
        this.knownRevision = knownRevision;
        this.listener = listener;
        this.backoff = new Backoff(random);
    }

    void onStart(long now) {
        confirmedAt = now;
    }

    /** Up to when the replica is known to be complete; before there is any proof, the start. */
    long confirmedAt() {
        return confirmedAt;
    }

    /** Whether there has been any proof. */
    boolean isConfirmed() {
        return confirmed;
    }

    // ---------------------------------------------------------------- proofs

    void onProof(long sentAt, long revision, long replicaRevision) {
        if (revision <= replicaRevision) {
            confirm(sentAt);
        } else {
            if (proofs.size() == MAX_PROOFS) {
                proofs.removeLast(); // keep the early ones, which are reached soonest, and the new one, which proves
                // most
            }
            proofs.addLast(new Proof(sentAt, revision));
        }
    }

    void onReplicaAt(long now, long replicaRevision) {
        boolean moved = false;
        while (!proofs.isEmpty() && proofs.getFirst().revision <= replicaRevision) {
            confirm(proofs.removeFirst().sentAt);
            moved = true;
        }
        if (moved && (stuck || stuckAt != Long.MAX_VALUE)) {
            expectNothing();
            if (!proofs.isEmpty()) {
                stuckAt = now + ON_ITS_WAY_NANOS;
            }
        }
    }

    private void expectNothing() {
        stuck = false;
        stuckAt = Long.MAX_VALUE;
    }

    /** etcd has lost its data: no revision means what it did. */
    void onDataLost() {
        losses++;
        proofs.clear();
        expectNothing();
    }

    /** The replica has everything that had happened by {@code time}. */
    private void confirm(long time) {
        confirmed = true;
        confirmedAt = Math.max(confirmedAt, time);
        answerFresh();
    }

    /** Answers those it can: the replica is confirmed up to a later time, or this server's part has been written. */
    void answerFresh() {
        while (!questions.isEmpty() && isFresh(questions.getFirst().askedAt)) {
            questions.removeFirst().asker.onFresh();
        }
    }

    private boolean isFresh(long askedAt) {
        return confirmed && askedAt <= confirmedAt && published.getAsBoolean();
    }

    // ---------------------------------------------------------------- those who ask

    /** Answers once the replica is confirmed up to {@code askedAt}, which is not later than now, or after 500 ms. */
    void ask(long now, long askedAt, Asker asker) {
        if (isFresh(askedAt)) {
            asker.onFresh();
            return;
        }
        if (questions.isEmpty()) {
            expectNothing(); // what earlier questions waited for says nothing of this one
        }
        questions.addLast(new Question(askedAt, asker));
        this.askedAt = Math.max(this.askedAt, askedAt);
        onTime(now);
    }

    long deadline() {
        if (questions.isEmpty()) {
            return exchange.deadline();
        }
        long due = Math.min(questions.getFirst().askedAt + PATIENCE_NANOS, stuckAt);
        if (exchange.isBusy()) {
            return Math.min(due, exchange.deadline());
        }
        return Math.min(due, needsRead() ? backoff.until() : Long.MAX_VALUE);
    }

    void onTime(long now) {
        exchange.onTime(now);
        while (!questions.isEmpty() && now >= questions.getFirst().askedAt + PATIENCE_NANOS) {
            questions.removeFirst().asker.onStale(now);
        }
        if (questions.isEmpty()) {
            return;
        }
        if (now >= stuckAt) { // though another read may be needed or on its way: under load, there always is one
            stuck = true;
            stuckAt = Long.MAX_VALUE;
            listener.onStuck(now);
        }
        if (!exchange.isBusy() && needsRead() && backoff.isOver(now)) {
            read(now);
        }
    }

    // ---------------------------------------------------------------- reads

    /** When to {@link #probe}, while the watch is open. {@link Long#MAX_VALUE} while a read is on its way. */
    long probeAt(long watchingSince) {
        if (exchange.isBusy()) {
            return Long.MAX_VALUE;
        }
        long quietSince = Math.max(Math.max(confirmedAt, watchingSince), readAt);
        return Math.max(quietSince + QUIET_NANOS, backoff.until());
    }

    /** Reads though nobody asks: otherwise the watch would seem dead just because nothing is written. */
    void probe(long now) {
        read(now);
    }

    /** Whether there was a question after the last read began. */
    private boolean needsRead() {
        return !questions.isEmpty() && askedAt > readAt;
    }

    private void read(long sentAt) {
        readAt = sentAt;
        long floor = knownRevision.getAsLong();
        long lossesBefore = losses;
        exchange.<Long>start(sentAt, answer -> transport.revision(key, answer), new Answer<>() {
            @Override
            public void onAnswer(long now, Long revision) {
                backoff.onSuccess();
                if (revision < floor && losses == lossesBefore) {
                    listener.onRevisionBack(now, revision);
                } else {
                    listener.onRevision(now, sentAt, revision);
                    if (!stuck && !proofs.isEmpty()) {
                        stuckAt = Math.min(stuckAt, now + ON_ITS_WAY_NANOS);
                    }
                }
                onTime(now);
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                readAt = Long.MIN_VALUE;
                backoff.onFailure(now, failure.kind());
                listener.onFailure(now, failure);
            }
        });
    }

    void end(long now) {
        exchange.forget();
        while (!questions.isEmpty()) {
            questions.removeFirst().asker.onStale(now);
        }
    }
}
