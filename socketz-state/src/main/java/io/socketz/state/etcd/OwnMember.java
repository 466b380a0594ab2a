package io.socketz.state.etcd;

import io.socketz.state.Member;
import io.socketz.state.etcd.MemberLease.MemberLeaseListener;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.Write;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * This server's member key: while it is in etcd, other servers show this one's clients. It hangs on the {@link
 * MemberLease}, and is written every 2 s (a beat), so that every watch has something to show.
 *
 * <p>Nothing here sends a commit: it says what the next one has to write.
 */
final class OwnMember {
    static final long BEAT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final String key;
    private final byte[] value;
    private final MemberLease lease;
    private final PublicationListener listener;

    /** When to write the key. */
    private long beatAt = Long.MIN_VALUE;

    /** The key may be in etcd. */
    private boolean mayExist;

    /** The key is part of the commit that is on its way. */
    private boolean onItsWay;

    /** That commit, or the last one with the key, deletes it. */
    private boolean deleting;

    /** The lease that the key was last sent with. */
    private long sentOn;

    /** As in {@link OwnClient}. */
    private long writtenRevision;

    /** As in {@link OwnClient}. */
    private long touchedRevision;

    /** Revision at which the key was last set, as far as is known; 0 if it is not there. */
    private long keyRevision;

    /** The read of everything has found the key as it should be. */
    private boolean foundRight;

    /** The server leaves: the key must go. */
    private boolean leaving;

    OwnMember(
            Member self,
            Keys keys,
            Duration ttl,
            EtcdTransport transport,
            Random random,
            PublicationListener listener) {
        this.key = keys.member(self.id());
        this.value = EtcdValues.of(self);
        this.listener = listener;
        this.lease = new MemberLease(transport, ttl, random, new LeaseEvents());
    }

    /** The lease that the key was last sent with. */
    long sentOn() {
        return sentOn;
    }

    /** Whether this server is a member, as far as is known. */
    boolean isMember() {
        return writtenRevision > 0 && lease.id() != 0 && touchedRevision <= writtenRevision;
    }

    /** As {@link MemberLease#endsAt}. */
    long leaseEndsAt() {
        return lease.endsAt();
    }

    /** When the lease needs {@link #onTime}. */
    long deadline() {
        return lease.deadline();
    }

    void onTime(long now) {
        lease.onTime(now);
    }

    // ---------------------------------------------------------------- what to write

    /** Holds as long as no commit has written the key but those that are known to have succeeded. */
    Fence fence() {
        return new Fence(key, keyRevision);
    }

    /** Has the key written by the next commit, for the sake of its revision. */
    void beat(long now) {
        beatAt = now;
    }

    /** When the key is to be written. */
    long writeAt() {
        return leaving || lease.id() == 0 ? Long.MAX_VALUE : beatAt;
    }

    /** The lease that the key can be put with; 0 for none. */
    long leaseId() {
        return leaving ? 0 : lease.id();
    }

    /**
     * Adds what is to be done to the key, if anything, as the first of the writes; returns whether there was something.
     *
     * @param inAnyCase put it though that is not due; there must be a lease
     */
    boolean write(long now, List<Write> writes, boolean inAnyCase) {
        if (leaving ? !mayExist : !inAnyCase && now < writeAt()) {
            return false;
        }
        deleting = leaving;
        if (leaving) {
            writes.add(0, new Write.Delete(key));
        } else {
            writes.add(0, new Write.Put(key, value, lease.id()));
            mayExist = true;
            beatAt = now + BEAT_INTERVAL_NANOS;
        }
        sentOn = lease.id();
        onItsWay = true;
        return true;
    }

    /** @param dataLost whether etcd has lost data: then revisions cannot be compared, and a read will find what is wrong */
    void onCommitted(long revision, boolean dataLost) {
        if (!onItsWay) {
            return;
        }
        onItsWay = false;
        keyRevision = deleting ? 0 : revision;
        mayExist = !deleting;
        writtenRevision = lease.id() == 0 ? 0 : revision;
        if (!dataLost && touchedRevision > revision) {
            beatAt = Long.MIN_VALUE;
        }
        touchedRevision = 0; // dealt with
    }

    /** Nothing was written, since the key was last set at {@code revision}; 0 if it is not there. */
    void onFenced(long now, long revision) {
        keyRevision = revision;
        onCommitFailed(now);
    }

    /** Nothing was written, or what was on its way may have arrived, or may still arrive. */
    void onCommitFailed(long now) {
        if (onItsWay) {
            onItsWay = false;
            beatAt = now;
        }
    }

    /** etcd knows no lease of the id that the key was last sent with. */
    void onLeaseNotFound(long now) {
        if (lease.id() == sentOn) { // otherwise a new one has taken its place
            lease.lose(now, writtenRevision > 0);
        }
    }

    private final class LeaseEvents implements MemberLeaseListener {
        @Override
        public void onGranted(long now) {
            beatAt = now;
        }

        @Override
        public void onLost(long now) {
            boolean wasMember = writtenRevision > 0;
            writtenRevision = 0;
            if (wasMember) {
                listener.onLapsed(lease.sinceRenewed(now));
            }
        }

        @Override
        public void onFailure(long now, EtcdFailure failure) {
            listener.onLeaseFailed(now, failure);
        }
    }

    // ---------------------------------------------------------------- what etcd has

    void onChange(@Nullable KeyValue put, long revision) {
        onSeen(isRight(put), revision);
    }

    void onReadStart() {
        foundRight = false;
    }

    void onRead(KeyValue entry) {
        foundRight = isRight(entry);
    }

    void onReadEnd(long revision) {
        onSeen(foundRight, revision);
        foundRight = false;
    }

    private boolean isRight(@Nullable KeyValue entry) {
        return entry != null && entry.lease() == lease.id() && Arrays.equals(entry.value(), value);
    }

    private void onSeen(boolean right, long revision) {
        if (right || leaving) {
            return;
        }
        touchedRevision = Math.max(touchedRevision, revision);
        if (!onItsWay && revision > writtenRevision) {
            beatAt = Long.MIN_VALUE;
        }
    }

    /** etcd has lost its data: no revision means what it did. */
    void onDataLost() {
        writtenRevision = 0;
        touchedRevision = 0;
    }

    // ---------------------------------------------------------------- leaving

    /** The key must go, and the lease is renewed no more. Returns the lease's id; 0 if there is none. */
    long leave() {
        leaving = true;
        lease.end();
        return lease.id();
    }
}
