package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.etcd.Keys.ClientKey;
import io.socketz.state.etcd.Keys.MemberKey;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.Write;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells etcd of this server and its clients: makes the keys what they should be, and keeps them so.
 *
 * <pre>{@code
 *   table --join, leave--> queue --commit, one at a time--> on its way --committed--> as it should be
 *                            ^                                  |                           |
 *                            +----failed: may have been done----+                           |
 *                            +----seen deleted, altered, or where none should be------------+
 * }</pre>
 *
 * The queue holds each key once, whose content in etcd is not known to be right; what is written, a put or a delete, is
 * decided when it is written. So a join and a leave that meet there cancel out, and whatever is repeated does no harm.
 */
final class Publication implements Replica.OwnKeys {
    /** Is told how it goes. */
    interface Owner {
        /** A revision that etcd has reached, as far as is known. */
        long knownRevision();

        /** What was sent at {@code sentAt} is written, at {@code revision}. */
        void onCommitted(long now, long sentAt, long revision);

        /** A commit has failed, and is going to be retried. */
        void onCommitFailed(long now, EtcdFailure failure);

        /** etcd's revision is lower than it was before. */
        void onRevisionBack(long now, long revision);

        /** The member lease is gone. */
        void onLapsed(Duration sinceRenewed);

        /** A lease was not granted, or not renewed, for now. */
        void onLeaseFailed(long now, EtcdFailure failure);
    }

    /** A key on its way, and what is done to it. */
    private record Sent(OwnClient own, boolean delete) {}

    /** This server, its key and what stands there. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Self(Member member, String key, byte[] value) {}

    static final int MAX_WRITES = 128;

    /** How far a commit looks for what may go with it: it must not go through all of a long queue. */
    private static final int MAX_EXAMINED = 4 * MAX_WRITES;

    /** How often the member key is written, for every watch to have something to show. */
    static final long BEAT_INTERVAL = TimeUnit.SECONDS.toNanos(2);

    private final Keys keys;
    private final Self self;
    private final EtcdTransport transport;
    private final Owner owner;
    private final MemberLease memberLease;
    private final ClientLeases clientLeases;
    private final Exchange exchange = new Exchange();
    private final Backoff backoff;

    /** This server's clients, by number, in the order in which they joined. */
    private final Map<Long, OwnClient> table = new LinkedHashMap<>();

    private final WriteQueue queue = new WriteQueue();

    /** By number; empty when no commit is on its way. */
    private final Map<Long, Sent> onItsWay = new HashMap<>();

    private final DeleteRevisions deleteRevisions = new DeleteRevisions();

    /** What a resync has found at this server's client keys: by number, whether it is as it should be. */
    private final Map<Long, Boolean> staged = new HashMap<>();

    private boolean memberStaged;

    /** Whether there may be a member key. */
    private boolean memberSent;

    private boolean memberOnItsWay;

    /** When to write the member key. */
    private long beatAt = Long.MIN_VALUE;

    /** As in {@link OwnClient}. */
    private long memberWrittenRevision;

    /** As in {@link OwnClient}. */
    private long memberTouchedRevision;

    /** After a failed commit: when to try again; otherwise {@link Long#MAX_VALUE}. */
    private long retryAt = Long.MAX_VALUE;

    /** The highest revision that a commit was answered with, since data was lost if it was. */
    private long lastCommitted;

    /** How often etcd has lost its data: what was sent before can not be compared with what comes after. */
    private long losses;

    /** Run when this server has left; null as long as it is to stay. */
    private @Nullable Runnable onLeft;

    /** Leases to be revoked when everything is deleted. */
    private final Deque<Long> toRevoke = new ArrayDeque<>();

    Publication(Member self, Keys keys, Duration ttl, EtcdTransport transport, Random random, Owner owner) {
        this.keys = keys;
        this.self = new Self(self, keys.member(self.id()), EtcdValues.of(self));
        this.transport = transport;
        this.owner = owner;
        this.backoff = new Backoff(random);
        this.memberLease = new MemberLease(transport, ttl, random, new MemberLeaseOwner());
        this.clientLeases = new ClientLeases(transport, random, new ClientLeasesOwner());
    }

    /** Whether this server is a member, as far as is known. */
    boolean isMember() {
        return memberWrittenRevision > 0 && memberLease.id() != 0;
    }

    /** Whether nothing is left to be written. */
    boolean isWritten() {
        return isMember() && queue.isEmpty() && onItsWay.isEmpty();
    }

    /** A revision that etcd had reached; 0 if none is known. */
    long lastCommitted() {
        return lastCommitted;
    }

    // ---------------------------------------------------------------- what should be

    void join(long now, Client client) {
        OwnClient own = new OwnClient(client.number(), client);
        table.put(own.number, own);
        own.sent = queue.add(own) || onItsWay.containsKey(own.number); // a key put by hand, about to be deleted
        commit(now);
    }

    /** Whether {@code client} was there. */
    boolean leave(long now, Client client) {
        OwnClient own = table.get(client.number());
        if (own == null || !client.equals(own.client)) {
            return false;
        }
        table.remove(own.number);
        onGone(own);
        commit(now);
        return true;
    }

    private void onGone(OwnClient own) {
        own.gone = true;
        if (own.sent) {
            queue.add(own);
        } else {
            queue.remove(own.number);
        }
    }

    /** Writes the member key now, for the sake of its revision. */
    void beat(long now) {
        beatAt = now;
        commit(now);
    }

    // ---------------------------------------------------------------- time

    long deadline() {
        long leases = Math.min(memberLease.deadline(), clientLeases.deadline());
        if (exchange.isBusy()) {
            return Math.min(leases, exchange.deadline());
        }
        if (retryAt != Long.MAX_VALUE) {
            return Math.min(leases, retryAt);
        }
        return onLeft == null && memberLease.id() != 0 ? Math.min(leases, beatAt) : leases;
    }

    void onTime(long now) {
        memberLease.onTime(now);
        clientLeases.onTime(now);
        exchange.onTime(now);
        commit(now);
    }

    // ---------------------------------------------------------------- commits

    /** Writes what there is to write, 128 keys at most; the rest goes with the next one. */
    private void commit(long now) {
        if (exchange.isBusy() || (retryAt != Long.MAX_VALUE && now < retryAt)) {
            return;
        }
        retryAt = Long.MAX_VALUE;
        List<Write> writes = new ArrayList<>();
        boolean member = writeMember(now, writes);
        ClientLeases.Lease lease = writeClients(now, writes, member);
        if (writes.isEmpty()) {
            if (onLeft != null) {
                revoke(now);
            }
            return;
        }
        memberOnItsWay = member;
        // A put makes a new revision; to delete what is not there does not.
        long floor = owner.knownRevision() + (writes.stream().anyMatch(Write.Put.class::isInstance) ? 1 : 0);
        long usedMemberLease = memberLease.id();
        boolean leaving = onLeft != null;
        long lossesBefore = losses;
        exchange.<Long>start(now, answer -> transport.commit(writes, answer), new Answer<>() {
            @Override
            public void onAnswer(long answeredAt, Long revision) {
                backoff.onSuccess();
                if (member) {
                    memberSent = !leaving;
                }
                boolean back = revision < floor && losses == lossesBefore;
                onCommitted(revision, back);
                if (back) {
                    owner.onRevisionBack(answeredAt, revision);
                } else {
                    owner.onCommitted(answeredAt, now, revision);
                }
                commit(answeredAt);
            }

            @Override
            public void onFailure(long failedAt, EtcdFailure failure) {
                putBack(failedAt);
                if (failure.kind() == Kind.LEASE_NOT_FOUND && lease != null) {
                    clientLeases.lose(failedAt, lease);
                } else if (failure.kind() == Kind.LEASE_NOT_FOUND && member) {
                    if (memberLease.id() == usedMemberLease) {
                        memberLease.lose(failedAt, memberWrittenRevision > 0);
                    }
                } else {
                    onFailed(failedAt, failure);
                }
                commit(failedAt);
            }
        });
    }

    private void onFailed(long now, EtcdFailure failure) {
        backoff.onFailure(now, failure.kind());
        retryAt = backoff.until();
        owner.onCommitFailed(now, failure);
    }

    /** Whether the member key is among the writes. */
    private boolean writeMember(long now, List<Write> writes) {
        if (onLeft != null) {
            if (memberSent) {
                writes.add(new Write.Delete(self.key));
            }
            return memberSent;
        }
        if (memberLease.id() == 0 || now < beatAt) {
            return false;
        }
        writes.add(new Write.Put(self.key, self.value, memberLease.id()));
        memberSent = true;
        beatAt = now + BEAT_INTERVAL;
        return true;
    }

    /**
     * One lease a transaction: when it fails since a lease is gone, it is clear which one. So there are no puts of clients
     * beside that of the member.
     *
     * @return the lease of the puts; null where there are none
     */
    private ClientLeases.@Nullable Lease writeClients(long now, List<Write> writes, boolean member) {
        // Neither a crowd that comes nor one that goes holds up the other.
        writeDeletes(writes, MAX_WRITES / 2);
        ClientLeases.Lease lease = member ? null : writePuts(now, writes);
        writeDeletes(writes, MAX_WRITES);
        return lease;
    }

    private void writeDeletes(List<Write> writes, int most) {
        Iterator<OwnClient> waiting = queue.deletes();
        while (waiting.hasNext() && writes.size() < most) {
            OwnClient own = waiting.next();
            writes.add(new Write.Delete(keys.client(self.member.id(), own.number)));
            waiting.remove();
            onItsWay.put(own.number, new Sent(own, true));
        }
    }

    private ClientLeases.@Nullable Lease writePuts(long now, List<Write> writes) {
        ClientLeases.Lease lease = null;
        Iterator<OwnClient> waiting = queue.puts();
        for (int i = 0; i < MAX_EXAMINED && waiting.hasNext() && writes.size() < MAX_WRITES; i++) {
            OwnClient own = waiting.next();
            if (lease == null) {
                lease = own.lease != null ? own.lease : clientLeases.withRoom(now);
                if (lease == null) {
                    break;
                }
            }
            if (own.lease == null ? !lease.hasRoom() : own.lease != lease) {
                continue;
            }
            lease.take(own);
            own.sent = true;
            writes.add(
                    new Write.Put(keys.client(self.member.id(), own.number), EtcdValues.of(own.client()), lease.id()));
            waiting.remove();
            onItsWay.put(own.number, new Sent(own, false));
        }
        return lease;
    }

    /** @param back whether data was lost: then revisions can not be compared, and a read is going to find what is wrong */
    private void onCommitted(long revision, boolean back) {
        lastCommitted = Math.max(lastCommitted, revision); // lower means that data was lost: a read finds out
        if (memberOnItsWay) {
            memberOnItsWay = false;
            memberWrittenRevision = memberLease.id() == 0 ? 0 : revision;
            if (!back && memberTouchedRevision > revision) {
                beatAt = Long.MIN_VALUE;
            }
            memberTouchedRevision = 0; // dealt with
        }
        for (Sent sent : onItsWay.values()) {
            OwnClient own = sent.own;
            if (sent.delete) {
                deleteRevisions.add(own.number, revision);
                if (own.lease != null) {
                    own.lease.giveBack(own);
                }
            } else {
                own.writtenRevision = revision;
                if (own.lease != null) {
                    own.lease.onWritten();
                }
            }
            if (!back && own.touchedRevision > revision) {
                queueAgain(own);
            }
            own.touchedRevision = 0;
        }
        onItsWay.clear();
    }

    /** A client may have joined under a number whose key was put by hand, and is to be deleted: then its key is right. */
    private void queueAgain(OwnClient own) {
        queue.add(table.getOrDefault(own.number, own));
    }

    /** What was on its way may have arrived or not, or may do so yet. */
    private void putBack(long now) {
        for (Sent sent : onItsWay.values()) {
            queueAgain(sent.own);
        }
        onItsWay.clear();
        if (memberOnItsWay) {
            memberOnItsWay = false;
            beatAt = now;
        }
    }

    private final class MemberLeaseOwner implements MemberLease.Owner {
        @Override
        public void onGranted(long now) {
            beatAt = now;
            commit(now);
        }

        @Override
        public void onLost(long now) {
            boolean wasMember = memberWrittenRevision > 0;
            memberWrittenRevision = 0;
            if (wasMember) {
                owner.onLapsed(memberLease.sinceRenewed(now));
            }
        }

        @Override
        public void onFailure(long now, EtcdFailure failure) {
            owner.onLeaseFailed(now, failure);
        }
    }

    private final class ClientLeasesOwner implements ClientLeases.Owner {
        @Override
        public void onGranted(long now) {
            commit(now);
        }

        @Override
        public void onLost(long now, ClientLeases.Lease lease) {
            for (OwnClient own : lease.giveBackAll()) {
                if (!own.gone) {
                    queue.add(own);
                }
            }
            commit(now);
        }

        @Override
        public void onFailure(long now, EtcdFailure failure) {
            owner.onLeaseFailed(now, failure);
        }
    }

    // ---------------------------------------------------------------- what is: seen on the watch, or by a resync

    @Override
    public void onOwnKey(Keys.Parsed key, @Nullable KeyValue put, long revision) {
        if (key instanceof MemberKey) {
            onMemberKey(isRight(put), revision);
        } else if (key instanceof ClientKey client) {
            OwnClient own = table.get(client.number());
            if (own == null ? put != null : !isRight(own, put)) {
                onWrong(client.number(), own, revision);
            }
        }
    }

    /** A key of this server's was found in etcd while everything is read again. */
    void stage(Keys.Parsed key, KeyValue entry) {
        if (key instanceof MemberKey) {
            memberStaged = isRight(entry);
        } else if (key instanceof ClientKey client) {
            OwnClient own = table.get(client.number());
            if (own != null) {
                own.sent = true; // by whomever
            }
            staged.put(client.number(), own != null && isRight(own, entry));
        }
    }

    void stageAnew() {
        staged.clear();
        memberStaged = false;
    }

    /** Everything was read as it is at {@code revision}. */
    void checkStaged(long revision) {
        onMemberKey(memberStaged, revision);
        for (OwnClient own : table.values()) {
            if (own.sent && !staged.getOrDefault(own.number, false)) {
                onWrong(own.number, own, revision);
            }
        }
        for (long number : staged.keySet()) {
            if (!table.containsKey(number)) {
                onWrong(number, null, revision);
            }
        }
        stageAnew();
    }

    /** The watch is past {@code revision}: nothing older comes from it. */
    void onReplicaAt(long revision) {
        deleteRevisions.forgetUpTo(revision);
    }

    /** etcd has lost its data: no revision means what it did. */
    void onDataLost(long revision) {
        losses++;
        lastCommitted = revision;
        deleteRevisions.clear();
        memberWrittenRevision = 0;
        memberTouchedRevision = 0;
        table.values().forEach(OwnClient::forgetRevisions);
        queue.forgetRevisions();
        onItsWay.values().forEach(sent -> sent.own.forgetRevisions());
    }

    private boolean isRight(@Nullable KeyValue entry) {
        return entry != null && entry.lease() == memberLease.id() && Arrays.equals(entry.value(), self.value);
    }

    private static boolean isRight(OwnClient own, @Nullable KeyValue entry) {
        return entry != null
                && own.client != null
                && (own.lease == null || own.lease.id() == entry.lease())
                && Arrays.equals(entry.value(), EtcdValues.of(own.client));
    }

    private void onMemberKey(boolean right, long revision) {
        if (right || onLeft != null) {
            return;
        }
        memberTouchedRevision = Math.max(memberTouchedRevision, revision);
        if (!memberOnItsWay && revision > memberWrittenRevision) {
            beatAt = Long.MIN_VALUE;
        }
    }

    /** A client key was seen, at {@code revision}, not to be as it should. It may be newer by now, by our own hand. */
    private void onWrong(long number, @Nullable OwnClient own, long revision) {
        Sent sent = onItsWay.get(number);
        OwnClient queued = queue.find(number);
        if (sent != null) {
            sent.own.touchedRevision = Math.max(sent.own.touchedRevision, revision);
        } else if (queued != null) {
            queued.sent = true; // be it by whom it may: it is going to be deleted when its client leaves
        } else if (own != null) {
            if (revision > own.writtenRevision) {
                queue.add(own);
            }
        } else if (revision > deleteRevisions.of(number)) {
            queue.add(new OwnClient(number, null));
        }
    }

    // ---------------------------------------------------------------- leaving

    /** Deletes every key of this server, the member key first, then revokes the leases; then runs {@code onLeft}. */
    void leaveAll(long now, Runnable onLeft) {
        this.onLeft = onLeft;
        table.values().forEach(this::onGone);
        table.clear();
        if (memberLease.id() != 0) {
            toRevoke.add(memberLease.id());
        }
        clientLeases.all().forEach(lease -> toRevoke.add(lease.id()));
        memberLease.end();
        clientLeases.end();
        commit(now);
    }

    private void revoke(long now) {
        Long lease = toRevoke.peek();
        Runnable left = onLeft;
        if (lease == null) {
            if (left != null) {
                left.run();
            }
            return;
        }
        exchange.<Long>start(now, answer -> transport.revokeLease(lease, answer), new Answer<>() {
            @Override
            public void onAnswer(long answeredAt, Long revision) {
                toRevoke.remove();
                commit(answeredAt);
            }

            @Override
            public void onFailure(long failedAt, EtcdFailure failure) {
                if (failure.kind() == Kind.LEASE_NOT_FOUND) {
                    toRevoke.remove();
                } else {
                    onFailed(failedAt, failure);
                }
                commit(failedAt);
            }
        });
    }
}
