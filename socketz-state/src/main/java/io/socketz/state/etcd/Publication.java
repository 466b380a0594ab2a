package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.etcd.Keys.ClientKey;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells etcd of this server and its clients: makes the keys what they should be, and keeps them so.
 *
 * <pre>{@code
 *   join, leave, beat, what etcd shows, leases --> OwnMember   the member key
 *                                                  OwnClients  the client keys
 *                                                      |
 *                       end of the event: one commit --+--> etcd, one request at a time
 *                                                      |
 *                                                  Leaving     when no key is left: revokes the leases
 * }</pre>
 *
 * Events only note what has to be written. {@link #onEventEnd} alone writes it: 128 keys at most, the rest with the next
 * commit.
 */
final class Publication implements KeyListener {
    private final EtcdTransport transport;
    private final LongSupplier knownRevision;
    private final PublicationListener listener;
    private final OwnMember member;
    private final OwnClients clients;
    private final Exchange exchange = new Exchange();
    private final Backoff backoff;

    /** Null as long as this server is to stay. */
    private @Nullable Leaving leaving;

    /** After a failed commit: when to try again; otherwise {@link Long#MAX_VALUE}. */
    private long retryAt = Long.MAX_VALUE;

    /** The highest revision that a commit was answered with, since data was lost if it was. */
    private long lastCommitted;

    /** How often etcd has lost its data: what was sent before cannot be compared with what comes after. */
    private long losses;

    /** @param knownRevision a revision that etcd has reached, as far as is known */
    Publication(
            Member self,
            Keys keys,
            Duration ttl,
            EtcdTransport transport,
            Random random,
            LongSupplier knownRevision,
            PublicationListener listener) {
        this.transport = transport;
        this.knownRevision = knownRevision;
        this.listener = listener;
        this.backoff = new Backoff(random);
        this.member = new OwnMember(self, keys, ttl, transport, random, listener);
        this.clients = new OwnClients(self.id(), keys, transport, random, listener);
    }

    /** Whether this server is a member, as far as is known. */
    boolean isMember() {
        return member.isMember();
    }

    /** Whether nothing is left to be written. */
    boolean isWritten() {
        return member.isMember() && clients.isWritten();
    }

    /** A revision that etcd had reached; 0 if none is known. */
    long lastCommitted() {
        return lastCommitted;
    }

    // ---------------------------------------------------------------- events

    void join(Client client) {
        clients.join(client);
    }

    /** Returns whether {@code client} was there. */
    boolean leave(Client client) {
        return clients.leave(client);
    }

    /** Has the member key written now, for the sake of its revision. */
    void beat(long now) {
        member.beat(now);
    }

    long deadline() {
        long leases = Math.min(member.deadline(), clients.deadline());
        if (exchange.isBusy()) {
            return Math.min(leases, exchange.deadline());
        }
        return Math.min(leases, retryAt != Long.MAX_VALUE ? retryAt : member.writeAt());
    }

    void onTime(long now) {
        member.onTime(now);
        clients.onTime(now);
        exchange.onTime(now);
    }

    @Override
    public void onChange(Keys.Parsed key, @Nullable KeyValue put, long revision) {
        if (key instanceof ClientKey client) {
            clients.onChange(client.number(), put, revision);
        } else {
            member.onChange(put, revision);
        }
    }

    @Override
    public void onReadStart() {
        member.onReadStart();
        clients.onReadStart();
    }

    @Override
    public void onRead(Keys.Parsed key, KeyValue entry) {
        if (key instanceof ClientKey client) {
            clients.onRead(client.number(), entry);
        } else {
            member.onRead(entry);
        }
    }

    @Override
    public void onReadEnd(long revision) {
        member.onReadEnd(revision);
        clients.onReadEnd(revision);
    }

    /** The watch is past {@code revision}: it brings nothing older. */
    void onReplicaAt(long revision) {
        clients.onReplicaAt(revision);
    }

    /** etcd has lost its data: no revision means what it did. */
    void onDataLost(long revision) {
        losses++;
        lastCommitted = revision;
        member.onDataLost();
        clients.onDataLost();
    }

    /** Deletes every key of this server, the member key first, then revokes the leases, then runs {@code onLeft}. */
    void leaveAll(Runnable onLeft) {
        List<Long> leases = new ArrayList<>();
        long memberLease = member.leave();
        if (memberLease != 0) {
            leases.add(memberLease);
        }
        clients.leaveAll().forEach(lease -> leases.add(lease.id()));
        leaving = new Leaving(leases, exchange, transport, this::retryLater, onLeft);
    }

    // ---------------------------------------------------------------- the commit

    /** Ends an event: commits what there is to write, unless a request is on its way or a failure is too recent. */
    void onEventEnd(long now) {
        if (exchange.isBusy() || (retryAt != Long.MAX_VALUE && now < retryAt)) {
            return;
        }
        retryAt = Long.MAX_VALUE;
        List<Write> writes = new ArrayList<>();
        boolean withMember = member.write(now, writes);
        ClientLease lease = clients.write(now, writes, !withMember); // one lease a commit
        if (!writes.isEmpty()) {
            commit(now, writes, withMember, lease);
        } else if (leaving != null) {
            leaving.step(now);
        }
    }

    private void commit(long sentAt, List<Write> writes, boolean withMember, @Nullable ClientLease lease) {
        // A put makes a new revision; a delete of what is not there does not.
        long floor = knownRevision.getAsLong() + (writes.stream().anyMatch(Write.Put.class::isInstance) ? 1 : 0);
        long lossesBefore = losses;
        exchange.<Long>start(sentAt, answer -> transport.commit(writes, answer), new Answer<>() {
            @Override
            public void onAnswer(long now, Long revision) {
                onCommitted(now, sentAt, revision, revision < floor && losses == lossesBefore);
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                clients.onCommitFailed();
                member.onCommitFailed(now);
                boolean leaseGone = failure.kind() == Kind.LEASE_NOT_FOUND;
                if (leaseGone && lease != null) {
                    clients.onLeaseNotFound(now, lease);
                } else if (leaseGone && withMember) {
                    member.onLeaseNotFound(now);
                } else {
                    retryLater(now, failure);
                }
            }
        });
    }

    /** @param back whether data was lost: then revisions cannot be compared, and a read will find what is wrong */
    private void onCommitted(long now, long sentAt, long revision, boolean back) {
        backoff.onSuccess();
        lastCommitted = Math.max(lastCommitted, revision); // if lower, a read finds out what was lost
        member.onCommitted(revision, back);
        clients.onCommitted(revision, back);
        if (back) {
            listener.onRevisionBack(now, revision);
        } else {
            listener.onCommitted(now, sentAt, revision);
        }
    }

    private void retryLater(long now, EtcdFailure failure) {
        backoff.onFailure(now, failure.kind());
        retryAt = backoff.until();
        listener.onCommitFailed(now, failure);
    }
}
