package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.etcd.ClientLeases.ClientLeaseListener;
import io.socketz.state.etcd.ClosedClients.Closed;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.Write;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The keys of this server's clients, and what is known of them in etcd.
 *
 * <pre>{@code
 *   table --join, rename, leave--> queue --write--> on its way --committed--> as it should be
 *                            ^                  |                           |
 *                            +-----failed: etcd may have done it------------+
 *                            +-----seen to be wrong: deleted, altered, unexpected
 * }</pre>
 *
 * The queue holds, once each, the keys whose content in etcd is not known to be right. Whether one is put or deleted is
 * decided when it is written: so a join and a leave that meet there cancel out, and a retry does no harm.
 *
 * <p>Nothing here sends a commit: it says what the next one has to write.
 */
final class OwnClients {
    /** A commit has 128 operations at most, of which one may be the member key. */
    static final int MAX_WRITES = 127;

    /** With deletes, another one says why clients left. */
    static final int MAX_WRITES_WITH_DELETES = MAX_WRITES - 1;

    /** How far a commit looks for keys of the same lease: it must not walk through all of a long queue. */
    private static final int MAX_EXAMINED = 4 * MAX_WRITES;

    private final UUID server;
    private final Keys keys;
    private final PublicationListener listener;
    private final ClientLeases leases;

    /** This server's clients, by number, in the order in which they joined. */
    private final Map<Long, OwnClient> table = new LinkedHashMap<>();

    private final WriteQueue queue = new WriteQueue();

    private final SentKeys onItsWay = new SentKeys();
    private final ClientKeyCheck check = new ClientKeyCheck(table, queue, onItsWay);

    private final Announcements announcements = new Announcements();

    /** How often a client has joined, left or changed. */
    private long changes;

    /** How many keys that were wrong have been repaired. */
    private long repaired;

    OwnClients(UUID server, Keys keys, EtcdTransport transport, Random random, PublicationListener listener) {
        this.server = server;
        this.keys = keys;
        this.listener = listener;
        this.leases = new ClientLeases(transport, random, new LeaseEvents());
    }

    /** Compares with these what etcd shows. */
    ClientKeyCheck check() {
        return check;
    }

    /** Whether etcd has all of it. */
    boolean isWritten() {
        return queue.isEmpty() && onItsWay.isEmpty();
    }

    /** Whether etcd has all of it, or will once the commit that is on its way succeeds. */
    boolean isSent() {
        return queue.isEmpty();
    }

    /** Whether changes are announced before etcd has them, as {@link Announcements} says. */
    boolean announcesAtOnce() {
        return announcements.isAway();
    }

    /** How often a client has joined, left or changed. */
    long changes() {
        return changes;
    }

    /** Whether etcd does not have the first {@code change} of the changes, or a key is not as it should be. */
    boolean isPending(long change) {
        return onItsWay.holdsChangeUpTo(change) || queue.holdsChangeUpTo(change);
    }

    private void onChanged(OwnClient own) {
        changes++;
        if (own.unsentChange == 0) {
            own.unsentChange = changes;
        }
    }

    /** When it needs {@link #onTime}. */
    long deadline() {
        return Math.min(leases.deadline(), announcements.deadline());
    }

    void onTime(long now) {
        leases.onTime(now);
        announcements.onTime(now);
    }

    // ---------------------------------------------------------------- what should be

    void join(long now, Client client, Runnable onAnnounced) {
        OwnClient own = new OwnClient(client.number(), client);
        own.announcement = announcements.add(now, onAnnounced, null);
        onChanged(own);
        table.put(own.number, own);
        own.sent = queue.add(own) || onItsWay.contains(own.number); // a key put by hand, about to be deleted
    }

    /**
     * Gives a client another name. However often that happens, its key is in the queue once.
     *
     * @return the client as it is now; null if it has left, or has that name already
     */
    @Nullable
    Client rename(long now, long number, @Nullable String name, Runnable onAnnounced) {
        OwnClient own = table.get(number);
        boolean same = own != null && Objects.equals(own.client().name(), name);
        if (own == null || (same && !isBeingWritten(number))) {
            onAnnounced.run();
            return null;
        }
        queue.add(own);
        onChanged(own);
        own.announcement = announcements.add(now, onAnnounced, own.announcement);
        return same ? null : own.rename(name);
    }

    /** The client as it is now; null if it is not there. */
    @Nullable
    Client find(long number) {
        OwnClient own = table.get(number);
        return own == null ? null : own.client();
    }

    /** Whether there is no such client, and etcd has no key of it. */
    boolean isGone(long number) {
        return !table.containsKey(number) && !isBeingWritten(number);
    }

    private boolean isBeingWritten(long number) {
        return queue.find(number) != null || onItsWay.contains(number);
    }

    /** Whether a key was seen to be wrong, and has not been repaired since. */
    boolean isWrong(long number) {
        SentKey sent = onItsWay.find(number);
        OwnClient own = sent != null ? sent.own() : queue.find(number);
        return own != null && own.wrong;
    }

    /** How many keys that were wrong have been repaired. */
    long repaired() {
        return repaired;
    }

    /** How many keys are on their way, or wait for that. */
    int pendingKeys() {
        return queue.size() + onItsWay.size();
    }

    /** How many clients there are. */
    int count() {
        return table.size();
    }

    /** Returns the client as it was; null if it was not there. */
    @Nullable
    Client leave(long number, Closed why) {
        OwnClient own = table.remove(number);
        if (own == null) {
            return null;
        }
        own.why = why;
        onGone(own);
        return own.client();
    }

    /** Every client is gone, and leases are renewed no more. Returns the leases. */
    Collection<ClientLease> leaveAll() {
        table.values().forEach(this::onGone);
        table.clear();
        announcements.tellAll();
        leases.end();
        return leases.all();
    }

    private void onGone(OwnClient own) {
        own.gone = true;
        onChanged(own);
        own.announce();
        if (own.sent) {
            queue.add(own);
        } else {
            queue.remove(own.number);
        }
    }

    // ---------------------------------------------------------------- what to write

    /**
     * Adds what is to be done to the keys, as far as it fits into one commit.
     *
     * @param withPuts false to delete only
     * @return the one lease of all puts; null if nothing is put
     */
    @Nullable
    ClientLease write(long now, List<Write> writes, boolean withPuts) {
        writeDeletes(writes, MAX_WRITES / 2); // neither many joins nor many leaves hold up the other
        ClientLease lease = null;
        if (withPuts) {
            lease = writePuts(now, writes, writes.isEmpty() ? MAX_WRITES : MAX_WRITES_WITH_DELETES);
        } else if (queue.puts().hasNext()) {
            var unused = leases.withRoom(now); // by the time they can be put, it is there
        }
        writeDeletes(writes, MAX_WRITES_WITH_DELETES);
        return lease;
    }

    /** Why the clients left whose keys the commit on its way deletes. */
    ClosedClients closing() {
        return onItsWay.closing();
    }

    private void writeDeletes(List<Write> writes, int most) {
        Iterator<OwnClient> waiting = queue.deletes();
        while (waiting.hasNext() && writes.size() < most) {
            OwnClient own = waiting.next();
            writes.add(new Write.Delete(keys.client(server, own.number)));
            waiting.remove();
            onItsWay.add(own, true);
        }
    }

    private @Nullable ClientLease writePuts(long now, List<Write> writes, int most) {
        ClientLease lease = null;
        Iterator<OwnClient> waiting = queue.puts();
        for (int i = 0; i < MAX_EXAMINED && waiting.hasNext() && writes.size() < most; i++) {
            OwnClient own = waiting.next();
            if (lease == null) {
                lease = own.lease() != null ? own.lease() : leases.withRoom(now);
                if (lease == null) {
                    break;
                }
            }
            if (own.lease() == null ? !lease.hasRoom() : own.lease() != lease) {
                continue;
            }
            own.hangOn(lease);
            own.sent = true;
            writes.add(new Write.Put(keys.client(server, own.number), EtcdValues.of(own.client()), lease.id()));
            waiting.remove();
            onItsWay.add(own, false);
        }
        return lease;
    }

    /** @param dataLost whether etcd has lost data: then revisions cannot be compared, and a read will find what is wrong */
    void onCommitted(long revision, boolean dataLost) {
        for (SentKey sent : onItsWay.all()) {
            OwnClient own = sent.own();
            if (sent.delete()) {
                check.onDeleted(own.number, revision);
                own.takeOffLease();
            } else {
                own.onWritten(revision);
                sent.announce();
            }
            if (own.wrong) {
                own.wrong = false;
                repaired++;
            }
            if (!dataLost && own.touchedRevision > revision) {
                queueAgain(own).wrong = true;
            }
            own.touchedRevision = 0;
        }
        onItsWay.clear();
    }

    /** A commit of the member key has succeeded, and {@link #onCommitted} has dealt with the rest of it. */
    void onMemberCommitted() {
        announcements.onCommitted();
    }

    /** Nothing was written, or what was on its way may have arrived, or may still arrive. */
    void onCommitFailed() {
        onItsWay.all().forEach(sent -> {
            sent.takeBack();
            queueAgain(sent.own());
        });
        onItsWay.clear();
    }

    /** A commit has failed, and not for lack of a lease. */
    void onEtcdFailed(long now, long sentAt, EtcdFailure failure) {
        announcements.onCommitFailed(now, sentAt, failure.kind());
    }

    /** A client may have joined with the number of a key that was put by hand and is being deleted: then its key is right. */
    private OwnClient queueAgain(OwnClient own) {
        OwnClient now = table.getOrDefault(own.number, own);
        queue.add(now);
        return now;
    }

    /** etcd knows no such lease. */
    void onLeaseNotFound(long now, ClientLease lease) {
        leases.lose(now, lease);
    }

    private final class LeaseEvents implements ClientLeaseListener {
        @Override
        public void onLost(ClientLease lease) {
            for (OwnClient own : table.values()) {
                if (own.lease() == lease) {
                    own.takeOffLease();
                    own.wrong |= !queue.add(own) && !onItsWay.contains(own.number);
                }
            }
        }

        @Override
        public void onFailure(long now, EtcdFailure failure) {
            listener.onLeaseFailed(now, failure);
        }
    }

    /** etcd has lost its data: no revision means what it did. */
    void onDataLost() {
        check.onDataLost();
        table.values().forEach(OwnClient::forgetRevisions);
        queue.forgetRevisions();
        onItsWay.forgetRevisions();
    }
}
