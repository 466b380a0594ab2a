package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.etcd.ClientLeases.ClientLeaseListener;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.Write;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The keys of this server's clients, and what is known of them in etcd.
 *
 * <pre>{@code
 *   table --join, leave--> queue --write--> on its way --committed--> as it should be
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
    /** A key on its way, and what is done to it. */
    private record Sent(OwnClient own, boolean delete) {}

    static final int MAX_WRITES = 128;

    /** How far a commit looks for keys of the same lease: it must not walk through all of a long queue. */
    private static final int MAX_EXAMINED = 4 * MAX_WRITES;

    private final UUID server;
    private final Keys keys;
    private final PublicationListener listener;
    private final ClientLeases leases;

    /** This server's clients, by number, in the order in which they joined. */
    private final Map<Long, OwnClient> table = new LinkedHashMap<>();

    private final WriteQueue queue = new WriteQueue();

    /** By number; empty when no commit is on its way. */
    private final Map<Long, Sent> onItsWay = new HashMap<>();

    private final DeleteRevisions deleteRevisions = new DeleteRevisions();

    /** What the read of everything has found: by number, whether the key is as it should be. */
    private final Map<Long, Boolean> found = new HashMap<>();

    OwnClients(UUID server, Keys keys, EtcdTransport transport, Random random, PublicationListener listener) {
        this.server = server;
        this.keys = keys;
        this.listener = listener;
        this.leases = new ClientLeases(transport, random, new LeaseEvents());
    }

    /** Whether etcd has all of it. */
    boolean isWritten() {
        return queue.isEmpty() && onItsWay.isEmpty();
    }

    /** When the leases need {@link #onTime}. */
    long deadline() {
        return leases.deadline();
    }

    void onTime(long now) {
        leases.onTime(now);
    }

    // ---------------------------------------------------------------- what should be

    void join(Client client) {
        OwnClient own = new OwnClient(client.number(), client);
        table.put(own.number, own);
        own.sent = queue.add(own) || onItsWay.containsKey(own.number); // a key put by hand, about to be deleted
    }

    /** Returns whether {@code client} was there. */
    boolean leave(Client client) {
        OwnClient own = table.get(client.number());
        if (own == null || !client.equals(own.client)) {
            return false;
        }
        table.remove(own.number);
        onGone(own);
        return true;
    }

    /** Every client is gone, and leases are renewed no more. Returns the leases. */
    Collection<ClientLease> leaveAll() {
        table.values().forEach(this::onGone);
        table.clear();
        leases.end();
        return leases.all();
    }

    private void onGone(OwnClient own) {
        own.gone = true;
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
     * @return the one lease of all puts, so that it is clear which lease is gone when a commit fails for lack of it; null
     *     if nothing is put
     */
    @Nullable
    ClientLease write(long now, List<Write> writes, boolean withPuts) {
        writeDeletes(writes, MAX_WRITES / 2); // neither many joins nor many leaves hold up the other
        ClientLease lease = withPuts ? writePuts(now, writes) : null;
        writeDeletes(writes, MAX_WRITES);
        return lease;
    }

    private void writeDeletes(List<Write> writes, int most) {
        Iterator<OwnClient> waiting = queue.deletes();
        while (waiting.hasNext() && writes.size() < most) {
            OwnClient own = waiting.next();
            writes.add(new Write.Delete(keys.client(server, own.number)));
            waiting.remove();
            onItsWay.put(own.number, new Sent(own, true));
        }
    }

    private @Nullable ClientLease writePuts(long now, List<Write> writes) {
        ClientLease lease = null;
        Iterator<OwnClient> waiting = queue.puts();
        for (int i = 0; i < MAX_EXAMINED && waiting.hasNext() && writes.size() < MAX_WRITES; i++) {
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
            onItsWay.put(own.number, new Sent(own, false));
        }
        return lease;
    }

    /** @param back whether data was lost: then revisions cannot be compared, and a read will find what is wrong */
    void onCommitted(long revision, boolean back) {
        for (Sent sent : onItsWay.values()) {
            OwnClient own = sent.own;
            if (sent.delete) {
                deleteRevisions.add(own.number, revision);
                own.takeOffLease();
            } else {
                own.onWritten(revision);
            }
            if (!back && own.touchedRevision > revision) {
                queueAgain(own);
            }
            own.touchedRevision = 0;
        }
        onItsWay.clear();
    }

    /** What was on its way may have arrived or not, or may still arrive. */
    void onCommitFailed() {
        onItsWay.values().forEach(sent -> queueAgain(sent.own));
        onItsWay.clear();
    }

    /** A client may have joined with the number of a key that was put by hand and is being deleted: then its key is right. */
    private void queueAgain(OwnClient own) {
        queue.add(table.getOrDefault(own.number, own));
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
                    queue.add(own);
                }
            }
        }

        @Override
        public void onFailure(long now, EtcdFailure failure) {
            listener.onLeaseFailed(now, failure);
        }
    }

    // ---------------------------------------------------------------- what etcd has

    void onChange(long number, @Nullable KeyValue put, long revision) {
        OwnClient own = table.get(number);
        if (own == null ? put != null : !isRight(own, put)) {
            onWrong(number, own, revision);
        }
    }

    void onReadStart() {
        found.clear();
    }

    void onRead(long number, KeyValue entry) {
        OwnClient own = table.get(number);
        if (own != null) {
            own.sent = true; // whoever sent it
        }
        found.put(number, own != null && isRight(own, entry));
    }

    void onReadEnd(long revision) {
        for (OwnClient own : table.values()) {
            if (own.sent && !found.getOrDefault(own.number, false)) {
                onWrong(own.number, own, revision);
            }
        }
        for (long number : found.keySet()) {
            if (!table.containsKey(number)) {
                onWrong(number, null, revision);
            }
        }
        found.clear();
    }

    private static boolean isRight(OwnClient own, @Nullable KeyValue entry) {
        ClientLease lease = own.lease();
        return entry != null
                && own.client != null
                && (lease == null || lease.id() == entry.lease())
                && Arrays.equals(entry.value(), EtcdValues.of(own.client));
    }

    /** At {@code revision}, a key was not as it should be. This server may have written or deleted it since. */
    private void onWrong(long number, @Nullable OwnClient own, long revision) {
        Sent sent = onItsWay.get(number);
        OwnClient queued = queue.find(number);
        if (sent != null) {
            sent.own.touchedRevision = Math.max(sent.own.touchedRevision, revision);
        } else if (queued != null) {
            queued.sent = true; // whoever sent it: the key must be deleted when its client leaves
        } else if (own != null) {
            if (revision > own.writtenRevision) {
                queue.add(own);
            }
        } else if (revision > deleteRevisions.of(number)) {
            queue.add(new OwnClient(number, null));
        }
    }

    /** The watch is past {@code revision}: it brings nothing older. */
    void onReplicaAt(long revision) {
        deleteRevisions.forgetUpTo(revision);
    }

    /** etcd has lost its data: no revision means what it did. */
    void onDataLost() {
        deleteRevisions.clear();
        table.values().forEach(OwnClient::forgetRevisions);
        queue.forgetRevisions();
        onItsWay.values().forEach(sent -> sent.own.forgetRevisions());
    }
}
