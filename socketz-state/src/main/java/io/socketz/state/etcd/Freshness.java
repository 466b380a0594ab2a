package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Knows as of when the replica is true, and makes it known as of now for those who ask.
 *
 * <p>A proof is a revision that etcd had reached when something was sent: once the replica is at that revision, it has
 * everything that had happened by then. Commits bring proofs, and so do the reads made here: one at a time, for all who
 * ask meanwhile.
 */
final class Freshness {
    /** etcd was at {@code revision}, or past it, after {@code sentAt}. */
    private record Proof(long sentAt, long revision) {}

    /** Who asks whether the replica is fresh. */
    interface Asker {
        /** It has everything that had happened when the question was put. */
        void onFresh();

        /** It took too long. */
        void onStale(long now);
    }

    private record Question(long askedAt, Asker asker) {}

    /** Is told how it goes. */
    interface Owner {
        /** A revision that etcd has reached, as far as is known. */
        long knownRevision();

        /** etcd was at {@code revision} after {@code sentAt}. */
        void onRevision(long now, long sentAt, long revision);

        /** Whether etcd has this server's part: without it, no roster is what the others see. */
        boolean isPublished();

        /** Nothing brings the replica to a revision that etcd has: it may be one of somebody else's keys. */
        void onStuck(long now);

        /** etcd's revision is lower than it was before. */
        void onRevisionBack(long now, long revision);

        void onFailure(long now, EtcdFailure failure);
    }

    /** Longest wait of who asks. */
    static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);

    /** So long may a change be on its way from etcd. */
    private static final long ON_ITS_WAY = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int MAX_PROOFS = 64;

    /** Beats confirm the replica every 2 s; where they do not, as when writes are refused, a read does after this time. */
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final String key;
    private final EtcdTransport transport;
    private final Owner owner;
    private final Exchange exchange = new Exchange();
    private final Backoff backoff;

    /** In order of time and of revision; those that the replica has not reached. */
    private final Deque<Proof> proofs = new ArrayDeque<>();

    /** In order of arrival: nearly that of time. */
    private final Deque<Question> questions = new ArrayDeque<>();

    /** The latest time that someone has asked at. */
    private long askedAt = Long.MIN_VALUE;

    private long confirmedAt;
    private boolean confirmed;

    /** When the last read began. */
    private long readAt = Long.MIN_VALUE;

    /** How often etcd has lost its data. */
    private long losses;

    /** When to tell that it is stuck, if it is. */
    private long stuckAt = Long.MAX_VALUE;

    Freshness(String key, EtcdTransport transport, Random random, Owner owner) {
        this.key = key;
        this.transport = transport;
        this.owner = owner;
        this.backoff = new Backoff(random);
    }

    void onStart(long now) {
        confirmedAt = now;
    }

    /** As of when the replica is true; before there was any proof, the start. */
    long confirmedAt() {
        return confirmedAt;
    }

    /** Whether there was any proof yet. */
    boolean isConfirmed() {
        return confirmed;
    }

    // ---------------------------------------------------------------- proofs

    void onProof(long sentAt, long revision, long replicaRevision) {
        if (revision <= replicaRevision) {
            confirm(sentAt);
        } else {
            if (proofs.size() == MAX_PROOFS) {
                proofs.removeLast(); // a later one says more, an earlier one comes sooner
            }
            proofs.addLast(new Proof(sentAt, revision));
        }
    }

    void onReplicaAt(long replicaRevision) {
        while (!proofs.isEmpty() && proofs.getFirst().revision <= replicaRevision) {
            confirm(proofs.removeFirst().sentAt);
        }
    }

    /** No revision means what it did. */
    void onDataLost() {
        losses++;
        proofs.clear();
    }

    /** The replica has everything that had happened by {@code time}. */
    private void confirm(long time) {
        confirmed = true;
        confirmedAt = Math.max(confirmedAt, time);
        answerFresh();
    }

    /** Answers whom it can: the replica is confirmed as of a later time, or this server's part has been written. */
    void answerFresh() {
        while (!questions.isEmpty() && isFresh(questions.getFirst().askedAt)) {
            questions.removeFirst().asker.onFresh();
        }
    }

    private boolean isFresh(long askedAt) {
        return confirmed && askedAt <= confirmedAt && owner.isPublished();
    }

    // ---------------------------------------------------------------- those who ask

    /** Answers once the replica is true as of {@code askedAt}, not later than now, or it took too long. */
    void ask(long now, long askedAt, Asker asker) {
        if (isFresh(askedAt)) {
            asker.onFresh();
            return;
        }
        questions.addLast(new Question(askedAt, asker));
        this.askedAt = Math.max(this.askedAt, askedAt);
        onTime(now);
    }

    long deadline() {
        if (questions.isEmpty()) {
            return exchange.deadline();
        }
        long patience = questions.getFirst().askedAt + PATIENCE;
        if (exchange.isBusy()) {
            return Math.min(patience, exchange.deadline());
        }
        return Math.min(Math.min(patience, stuckAt), needsRead() ? backoff.until() : Long.MAX_VALUE);
    }

    void onTime(long now) {
        exchange.onTime(now);
        while (!questions.isEmpty() && now >= questions.getFirst().askedAt + PATIENCE) {
            questions.removeFirst().asker.onStale(now);
        }
        if (exchange.isBusy() || questions.isEmpty()) {
            return;
        }
        if (needsRead() && backoff.isOver(now)) {
            read(now);
        } else if (now >= stuckAt) {
            stuckAt = Long.MAX_VALUE;
            owner.onStuck(now);
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

    /** Reads though nobody asks, so that the watch is not taken for dead only because nothing is written. */
    void probe(long now) {
        read(now);
    }

    /** Whether someone has asked after the last read began. */
    private boolean needsRead() {
        return !questions.isEmpty() && askedAt > readAt;
    }

    private void read(long sentAt) {
        readAt = sentAt;
        long floor = owner.knownRevision();
        long lossesBefore = losses;
        exchange.<Long>start(sentAt, answer -> transport.revision(key, answer), new Answer<>() {
            @Override
            public void onAnswer(long now, Long revision) {
                backoff.onSuccess();
                if (revision < floor && losses == lossesBefore) {
                    owner.onRevisionBack(now, revision);
                } else {
                    stuckAt = now + ON_ITS_WAY;
                    owner.onRevision(now, sentAt, revision);
                }
                onTime(now);
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                readAt = Long.MIN_VALUE;
                backoff.onFailure(now, failure.kind());
                owner.onFailure(now, failure);
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
