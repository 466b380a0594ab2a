package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import io.socketz.state.etcd.transport.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a {@link Publication} has noted to etcd: 128 keys at most in a commit, one commit at a time.
 *
 * <p>A client key is put only together with the member key. So when etcd has taken it, other servers show the client: a
 * server whose member lease is gone cannot put clients that nobody sees. Such a commit uses two leases, and "lease not
 * found" does not say which one; then the member key is put alone, which tells.
 *
 * <p>A commit without an answer may still arrive after later ones. So each one is made on condition that the member key is as
 * in the last answer: what arrives too late does nothing, and a client that has left does not come back.
 *
 * <p>Why clients left is put in the commit that deletes their keys, and only together with the member key, on the same
 * lease.
 */
final class Commits {
    /**
     * A commit has failed for lack of one of these leases.
     *
     * @param memberLease if the member key can be put with it later, it is the other one that is gone: leases do not return
     */
    private record Doubt(ClientLease clientLease, long memberLease) {}

    private final OwnMember member;
    private final OwnClients clients;
    private final Kicks kicks;
    private final String closedKey;
    private final EtcdTransport transport;
    private final LongSupplier knownRevision;
    private final PublicationListener listener;
    private final Exchange exchange = new Exchange();
    private final Backoff backoff;

    /** Null as long as this server is to stay. */
    private @Nullable Leaving leaving;

    /** The lease for saying that this server stops; 0 if that is not to be said, or was tried. */
    private long lastWordOn;

    /** Null while there is none. */
    private @Nullable Doubt doubt;

    /** After a failed commit: when to try again; otherwise {@link Long#MAX_VALUE}. */
    private long retryAt = Long.MAX_VALUE;

    /** At that time, etcd had every change that had been made. */
    private long writtenAt;

    /** The highest revision that a commit was answered with, since data was lost if it was. */
    private long lastCommitted;

    /** How many commits in a row have stopped at their fence, with no failure in between. */
    private int fenced;

    /** How often etcd has lost its data: what was sent before cannot be compared with what comes after. */
    private long losses;

    /** @param knownRevision a revision that etcd has reached, as far as is known */
    Commits(
            OwnMember member,
            OwnClients clients,
            Kicks kicks,
            String closedKey,
            EtcdTransport transport,
            Random random,
            LongSupplier knownRevision,
            PublicationListener listener) {
        this.member = member;
        this.clients = clients;
        this.kicks = kicks;
        this.closedKey = closedKey;
        this.transport = transport;
        this.backoff = new Backoff(random);
        this.knownRevision = knownRevision;
        this.listener = listener;
    }

    /** For how long etcd has not had all changes; zero or more. */
    Duration unwrittenFor(long now) {
        return clients.isWritten() ? Duration.ZERO : Duration.ofNanos(Math.max(0, now - writtenAt));
    }

    /** A revision that etcd had reached; 0 if none is known. */
    long lastCommitted() {
        return lastCommitted;
    }

    /** When it needs {@link #onTime}, and {@link #onEventEnd} after it. */
    long deadline() {
        if (exchange.isBusy()) {
            return exchange.deadline();
        }
        return retryAt != Long.MAX_VALUE ? retryAt : member.writeAt();
    }

    void onTime(long now) {
        exchange.onTime(now);
    }

    /** etcd has lost its data: no revision means what it did. */
    void onDataLost(long revision) {
        losses++;
        lastCommitted = revision;
    }

    /**
     * Once no key is left, revokes the leases, then runs {@code onLeft}.
     *
     * @param leases all of them
     * @param memberLease the one on which to say that this server stops; 0 if there is none
     */
    void leave(List<Long> leases, long memberLease, Runnable onLeft) {
        lastWordOn = memberLease;
        leaving = new Leaving(leases, exchange, transport, this::retryLater, onLeft);
    }

    /** Commits what there is to write, unless a request is on its way or a failure is too recent. */
    void onEventEnd(long now) {
        if (clients.isWritten()) {
            writtenAt = now;
        }
        if (exchange.isBusy() || (retryAt != Long.MAX_VALUE && now < retryAt)) {
            return;
        }
        retryAt = Long.MAX_VALUE;
        long memberLease = member.leaseId();
        if (doubt != null && doubt.memberLease != memberLease) {
            doubt = null; // it was that one, or both
        }
        List<Write> writes = new ArrayList<>();
        boolean asks = kicks.write(writes, memberLease);
        ClientLease lease = clients.write(now, writes, memberLease != 0 && doubt == null);
        ClosedClients closing = clients.closing();
        boolean says = memberLease != 0 && !closing.left().isEmpty();
        boolean withMember = member.write(now, writes, lease != null || says || asks);
        long wordOn = lastWordOn;
        if (says) {
            writes.add(1, new Write.Put(closedKey, EtcdValues.of(closing), memberLease));
        } else if (withMember && lastWordOn != 0) {
            writes.add(0, new Write.Put(closedKey, EtcdValues.of(closing.stopping()), lastWordOn));
            lastWordOn = 0; // if it cannot be said, it is enough to leave
        }
        if (!writes.isEmpty()) {
            commit(now, writes, withMember, lease, wordOn);
        } else if (leaving != null) {
            leaving.step(now);
        }
    }

    /** @param wordOn {@link #lastWordOn} before */
    private void commit(long sentAt, List<Write> writes, boolean withMember, @Nullable ClientLease lease, long wordOn) {
        // A put makes a new revision; a delete of what is not there does not.
        long floor = knownRevision.getAsLong() + (writes.stream().anyMatch(Write.Put.class::isInstance) ? 1 : 0);
        long lossesBefore = losses;
        boolean all = clients.isSent();
        exchange.<Committed>start(sentAt, answer -> transport.commit(member.fence(), writes, answer), new Answer<>() {
            @Override
            public void onAnswer(long now, Committed outcome) {
                if (!outcome.written()) {
                    takeBackWord(wordOn);
                    onFenced(now, sentAt, outcome.revision());
                    return;
                }
                fenced = 0;
                long revision = outcome.revision();
                if (all) {
                    writtenAt = sentAt;
                }
                onCommitted(now, sentAt, revision, revision < floor && losses == lossesBefore);
                if (withMember) {
                    onMemberCommitted(now);
                }
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                clients.onCommitFailed();
                kicks.onCommitFailed();
                member.onCommitFailed(now);
                boolean leaseGone = failure.kind() == Kind.LEASE_NOT_FOUND;
                if (leaseGone && leaving != null) {
                    return; // it was the last word's
                }
                if (leaseGone && lease != null) {
                    doubt = new Doubt(lease, member.sentOn());
                } else if (leaseGone && withMember) {
                    member.onLeaseNotFound(now);
                } else {
                    fenced = 0; // it may have been applied: then the next one stops at its fence
                    if (failure.kind() != Kind.REFUSED) { // an etcd that is full takes deletes, but no puts
                        takeBackWord(wordOn);
                    }
                    clients.onEtcdFailed(now, sentAt, failure);
                    retryLater(now, failure);
                }
            }
        });
    }

    /** What was said, if anything, did not arrive: it is to be said again. */
    private void takeBackWord(long wordOn) {
        if (wordOn != 0) { // otherwise nothing was said, but the server may have begun to leave since
            lastWordOn = wordOn;
        }
    }

    /**
     * Nothing was written. An earlier commit without an answer has, or the lease has lapsed, or somebody else has changed the
     * member key, which may go on.
     *
     * @param revision at which that key was last set
     */
    private void onFenced(long now, long sentAt, long revision) {
        clients.onCommitFailed();
        kicks.onCommitFailed();
        member.onFenced(now, revision);
        if (++fenced > 1) {
            EtcdFailure failure = new EtcdFailure(Kind.REFUSED, "the key of this server changes all the time");
            clients.onEtcdFailed(now, sentAt, failure);
            retryLater(now, failure);
        }
    }

    /** @param dataLost whether etcd has lost data: then revisions cannot be compared, and a read will find what is wrong */
    private void onCommitted(long now, long sentAt, long revision, boolean dataLost) {
        backoff.onSuccess();
        lastCommitted = Math.max(lastCommitted, revision); // if lower, a read finds out what was lost
        member.onCommitted(revision, dataLost);
        clients.onCommitted(revision, dataLost);
        kicks.onCommitted();
        if (dataLost) {
            listener.onRevisionBack(now, revision);
        } else {
            listener.onCommitted(now, sentAt, revision);
        }
    }

    private void onMemberCommitted(long now) {
        clients.onMemberCommitted();
        if (doubt != null && doubt.memberLease == member.sentOn()) {
            clients.onLeaseNotFound(now, doubt.clientLease);
            doubt = null;
        }
    }

    private void retryLater(long now, EtcdFailure failure) {
        backoff.onFailure(now, failure.kind());
        retryAt = backoff.until();
        listener.onCommitFailed(now, failure);
    }
}
