package io.socketz.state.etcd;

import io.socketz.state.DurationRecorder;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How etcd serves this server, and what of it was reported to the listener. Health takes both directions: reads that
 * confirm the replica, and commits that succeed. Neither says anything about the other: a full etcd can be read, and so can
 * one in which this server's user may not write.
 *
 * <pre>{@code
 *   CONNECTED --a failure, and nothing has succeeded in that direction for 3 s--> reported, once for each kind
 *       ^                                                                               |
 *       +--------watching, a member, and the last commit has succeeded------------------+
 * }</pre>
 */
final class Health {
    /** How long etcd may fail before it is reported: one endpoint may fail and another one work. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final EtcdRegistryListener listener;

    /** The failures that were reported and are not over yet. */
    private final Set<Kind> reported = EnumSet.noneOf(Kind.class);

    /** Whether the last report was that all is well. */
    private boolean connected;

    /** The last commit has failed. */
    private boolean commitsFail;

    /** When the last successful commit was sent; before there is one, the start. */
    private long committedAt;

    /** How long successful commits took. */
    private final DurationRecorder commits = DurationRecorder.ofWaits();

    private long failedCommits;

    /** Failed commits included. */
    private long failures;

    /** How often everything was read. */
    private long reads;

    Health(EtcdRegistryListener listener) {
        this.listener = listener;
    }

    void onStart(long now) {
        committedAt = now;
    }

    void onCommitted(long now, long sentAt) {
        commits.record(now - sentAt);
        commitsFail = false;
        committedAt = sentAt;
    }

    /** Whether the last commit has failed. */
    boolean commitsFail() {
        return commitsFail;
    }

    /** Everything was read. */
    void onRead() {
        reads++;
    }

    /** When the last successful commit was sent; before there is one, the start. */
    long committedAt() {
        return committedAt;
    }

    /** How long successful commits took; any thread may read it. */
    DurationRecorder commits() {
        return commits;
    }

    /** How many commits have failed. */
    long failedCommits() {
        return failedCommits;
    }

    /** How often something has failed. */
    long failures() {
        return failures;
    }

    /** How often everything was read, but for the first time. */
    long resyncs() {
        return Math.max(0, reads - 1);
    }

    /** How long ago the last successful commit was sent. */
    Duration sinceCommitted(long now) {
        return Duration.ofNanos(now - committedAt);
    }

    /** All goes well, except perhaps for the commits. */
    void onProgress(int members, int clients, long revision) {
        if (!connected && !commitsFail) {
            connected = true;
            reported.clear();
            listener.onConnected(members, clients, revision);
        }
    }

    /** @param confirmedAt up to when the replica is known to be complete */
    void onReadFailed(long now, long confirmedAt, EtcdFailure failure) {
        failures++;
        if (isNew(now, confirmedAt, failure)) {
            listener.onDisconnected(failure);
        }
    }

    void onCommitFailed(long now, EtcdFailure failure) {
        commitsFail = true;
        failedCommits++;
        onWriteFailed(now, true, failure);
    }

    /** @param watching whether reads work: if not, a refusal is not about writes only */
    void onLeaseFailed(long now, boolean watching, EtcdFailure failure) {
        onWriteFailed(now, watching, failure);
    }

    private void onWriteFailed(long now, boolean readable, EtcdFailure failure) {
        failures++;
        if (!isNew(now, committedAt, failure)) {
            return;
        }
        if (readable && failure.kind().isRefusal()) {
            listener.onWritesRefused(failure);
        } else {
            listener.onDisconnected(failure);
        }
    }

    private boolean isNew(long now, long succeededAt, EtcdFailure failure) {
        // To the reader of a report, no answer and no connection are the same.
        Kind kind = failure.kind() == Kind.TIMEOUT ? Kind.UNAVAILABLE : failure.kind();
        boolean isNew = now - succeededAt > GRACE_NANOS && reported.add(kind);
        if (isNew) {
            connected = false;
        }
        return isNew;
    }
}
