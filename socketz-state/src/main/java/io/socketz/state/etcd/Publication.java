package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.etcd.ClosedClients.Closed;
import io.socketz.state.etcd.Keys.ClientKey;
import io.socketz.state.etcd.Keys.KickKey;
import io.socketz.state.etcd.Keys.MemberKey;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.KeyValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells etcd of this server and its clients: makes the keys what they should be, and keeps them so.
 *
 * <pre>{@code
 *   join, leave, beat, what etcd shows, leases --> OwnMember   the member key
 *                                                  OwnClients  the client keys
 *                                                  Kicks       what servers ask of each other
 *                                                      |
 *                       end of the event: one commit --+--> etcd, one request at a time
 *                                                      |
 *                                                  Leaving     when no key is left: revokes the leases
 * }</pre>
 *
 * Events only note what has to be written. {@link #onEventEnd} alone has it written.
 */
final class Publication implements KeyListener {
    private final PublicationListener listener;
    private final OwnMember member;
    private final OwnClients clients;
    private final ClientKeyCheck check;
    private final Kicks kicks;
    private final Keys keys;
    private final Commits commits;

    /** @param knownRevision a revision that etcd has reached, as far as is known */
    Publication(
            Member self,
            Keys keys,
            Duration ttl,
            EtcdTransport transport,
            Random random,
            LongSupplier knownRevision,
            PublicationListener listener) {
        this.listener = listener;
        this.keys = keys;
        this.kicks = new Kicks(self.id(), keys);
        this.member = new OwnMember(self, keys, ttl, transport, random, listener);
        this.clients = new OwnClients(self.id(), keys, transport, random, listener);
        this.check = clients.check();
        this.commits =
                new Commits(member, clients, kicks, keys.closed(self.id()), transport, random, knownRevision, listener);
    }

    /** Whether this server is a member, as far as is known. */
    boolean isMember() {
        return member.isMember();
    }

    /** Whether changes are announced before etcd has them, as {@link Announcements} says. */
    boolean announcesAtOnce() {
        return clients.announcesAtOnce();
    }

    /** Whether nothing is left to be written. */
    boolean isWritten() {
        return member.isMember() && clients.isWritten();
    }

    /** How often a client of this server has joined, left or changed. */
    long changes() {
        return clients.changes();
    }

    /** Whether etcd does not have the first {@code change} of the changes. */
    boolean isPending(long change) {
        return clients.isPending(change);
    }

    /** For how long etcd has not had all changes; zero or more. */
    Duration unwrittenFor(long now) {
        return commits.unwrittenFor(now);
    }

    /** A revision that etcd had reached; 0 if none is known. */
    long lastCommitted() {
        return commits.lastCommitted();
    }

    // ---------------------------------------------------------------- events

    /** @param onAnnounced run once, as {@link Announcements} says */
    void join(long now, Client client, Runnable onAnnounced) {
        clients.join(now, client, onAnnounced);
    }

    /**
     * Returns the client with its new name; null if it has left, or has that name already.
     *
     * @param onAnnounced run once, as {@link Announcements} says
     */
    @Nullable
    Client rename(long now, long number, @Nullable String name, Runnable onAnnounced) {
        return clients.rename(now, number, name, onAnnounced);
    }

    /** Returns the client as it was; null if it was not there. */
    @Nullable
    Client leave(long number, Closed why) {
        kicks.onLeft(number);
        return clients.leave(number, why);
    }

    /** A client of this server as it is now; null if it is not there. */
    @Nullable
    Client find(long number) {
        return clients.find(number);
    }

    /** How many clients this server has. */
    int clients() {
        return clients.count();
    }

    /** How many client keys are on their way to etcd, or wait for that. */
    int pendingKeys() {
        return clients.pendingKeys();
    }

    /** As {@link MemberLease#endsAt}. */
    long leaseEndsAt() {
        return member.leaseEndsAt();
    }

    /** How many client keys that were wrong have been repaired. */
    long repaired() {
        return clients.repaired();
    }

    /** Whether a client key was seen to be wrong, and has not been repaired since. */
    boolean isWrong(long number) {
        return clients.isWrong(number);
    }

    /** As {@link ClientKeyCheck#onRead(Map, long, KeyValue)}. */
    void onAudited(Map<Long, Boolean> read, long number, KeyValue entry) {
        check.onRead(read, number, entry);
    }

    /** As {@link ClientKeyCheck#putRight}. */
    List<OwnClient> putRight(Map<Long, Boolean> read, long revision) {
        return check.putRight(read, revision);
    }

    /** Whether this server has no such client, and etcd has no key of it. */
    boolean isGone(long number) {
        return clients.isGone(number);
    }

    /** Asks another server to end the connection of a client. */
    void askKick(UUID server, long number, String reason) {
        kicks.ask(server, number, reason);
    }

    /** The client is gone, or this server does not ask for it any more. */
    void endKick(UUID server, long number) {
        kicks.end(server, number);
    }

    /** Has the member key written now, for the sake of its revision. */
    void beat(long now) {
        member.beat(now);
    }

    long deadline() {
        return Math.min(Math.min(member.deadline(), clients.deadline()), commits.deadline());
    }

    void onTime(long now) {
        member.onTime(now);
        clients.onTime(now);
        commits.onTime(now);
    }

    @Override
    public void onChange(Keys.Parsed key, @Nullable KeyValue put, long revision) {
        if (key instanceof ClientKey client) {
            check.onChange(client.number(), put, revision);
        } else if (key instanceof MemberKey) {
            member.onChange(put, revision);
        } else if (key instanceof KickKey kick) {
            if (put == null) {
                kicks.onDeleted(kick.number());
            } else {
                onKick(kick, put);
            }
        } // the closed key matters only at the revision at which it is put
    }

    @Override
    public void onReadStart() {
        member.onReadStart();
        check.onReadStart();
    }

    @Override
    public void onRead(Keys.Parsed key, KeyValue entry) {
        if (key instanceof ClientKey client) {
            check.onRead(client.number(), entry);
        } else if (key instanceof MemberKey) {
            member.onRead(entry);
        } else if (key instanceof KickKey kick) {
            onKick(kick, entry);
        }
    }

    private void onKick(KickKey key, KeyValue entry) {
        String reason;
        try {
            reason = EtcdValues.kick(entry.value());
        } catch (EtcdValues.Malformed e) {
            listener.onMalformedKick(keys.kick(key.server(), key.number()), String.valueOf(e.getMessage()));
            kicks.onUnknown(key.number()); // otherwise it would stay for as long as the server that asked
            return;
        }
        Client client = clients.find(key.number());
        if (client == null) {
            kicks.onUnknown(key.number());
        } else {
            kicks.onHeard(key.number());
            listener.onKick(client, reason);
        }
    }

    @Override
    public void onReadEnd(long revision) {
        member.onReadEnd(revision);
        check.onReadEnd(revision);
    }

    /** The watch is past {@code revision}: it brings nothing older. */
    void onReplicaAt(long revision) {
        check.onReplicaAt(revision);
    }

    /** etcd has lost its data: no revision means what it did. */
    void onDataLost(long revision) {
        commits.onDataLost(revision);
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
        kicks.leaveAll();
        clients.leaveAll().forEach(lease -> leases.add(lease.id()));
        commits.leave(leases, memberLease, onLeft);
    }

    /** Ends an event, as {@link Commits#onEventEnd}. */
    void onEventEnd(long now) {
        commits.onEventEnd(now);
    }
}
