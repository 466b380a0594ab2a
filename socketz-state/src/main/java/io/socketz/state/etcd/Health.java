package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How etcd serves this server, and what the listener was told of it. Health takes both directions: reads that confirm the
 * replica, and commits that succeed. Neither says anything about the other: a full etcd can be read, and so can one whose
 * user may not write.
 *
 * <pre>{@code
 *   CONNECTED --a failure, and nothing has succeeded in that direction for 3 s--> told, once for each kind
 *       ^                                                                           |
 *       +--------watching, a member, and the last commit has succeeded--------------+
 * }</pre>
 */
final class Health {
    /** So long may etcd fail before a word is said: one endpoint may fail, and another one do. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final EtcdRegistryListener listener;

    /** What was told to be wrong, and is not over yet. */
    private final Set<Kind> told = EnumSet.noneOf(Kind.class);

    /** Whether the listener was told that all is well. */
    private boolean connected;

    /** The last commit has failed. */
    private boolean commitsFail;

    /** When the last commit was sent that succeeded; before there was one, the start. */
    private long committedAt;

    Health(EtcdRegistryListener listener) {
        this.listener = listener;
    }

    void onStart(long now) {
        committedAt = now;
    }

    void onCommitted(long sentAt) {
        commitsFail = false;
        committedAt = sentAt;
    }

    /** Whether this server's writes are refused or get lost, as far as the last one tells. */
    boolean commitsFail() {
        return commitsFail;
    }

    /** How long ago the last commit was sent that succeeded. */
    Duration sinceCommitted(long now) {
        return Duration.ofNanos(now - committedAt);
    }

    /** All goes well, but perhaps for the commits. */
    void onProgress(int members, int clients, long revision) {
        if (!connected && !commitsFail) {
            connected = true;
            told.clear();
            listener.onConnected(members, clients, revision);
        }
    }

    /** @param confirmedAt as of when the replica is true */
    void onReadFailed(long now, long confirmedAt, EtcdFailure failure) {
        if (isNews(now, confirmedAt, failure)) {
            listener.onDisconnected(failure);
        }
    }

    void onCommitFailed(long now, EtcdFailure failure) {
        commitsFail = true;
        onWriteFailed(now, true, failure);
    }

    /** @param watching whether reads work: where they do not, a user that is refused is not only refused a lease */
    void onLeaseFailed(long now, boolean watching, EtcdFailure failure) {
        onWriteFailed(now, watching, failure);
    }

    private void onWriteFailed(long now, boolean readable, EtcdFailure failure) {
        if (!isNews(now, committedAt, failure)) {
            return;
        }
        if (readable && failure.kind().isRefusal()) {
            listener.onWritesRefused(failure);
        } else {
            listener.onDisconnected(failure);
        }
    }

    private boolean isNews(long now, long succeededAt, EtcdFailure failure) {
        // No answer and no connection are the same thing to whoever reads of it.
        Kind kind = failure.kind() == Kind.TIMEOUT ? Kind.UNAVAILABLE : failure.kind();
        boolean news = now - succeededAt > GRACE_NANOS && told.add(kind);
        if (news) {
            connected = false;
        }
        return news;
    }
}
