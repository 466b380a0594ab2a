package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.KeyValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the client keys that etcd shows with this server's clients, and queues those that are not as they should be:
 * deleted, altered or unexpected. It looks at the table of {@link OwnClients}, and adds to its queue.
 */
final class ClientKeyCheck {
    /** By number. */
    private final Map<Long, OwnClient> table;

    private final WriteQueue queue;
    private final SentKeys onItsWay;

    private final DeleteRevisions deleteRevisions = new DeleteRevisions();

    /** What the read of everything has found: by number, whether the key is as it should be. */
    private final Map<Long, Boolean> found = new HashMap<>();

    ClientKeyCheck(Map<Long, OwnClient> table, WriteQueue queue, SentKeys onItsWay) {
        this.table = table;
        this.queue = queue;
        this.onItsWay = onItsWay;
    }

    void onChange(long number, @Nullable KeyValue put, long revision) {
        OwnClient own = table.get(number);
        if (own == null ? put != null : !isRight(own, put)) {
            onWrong(number, own, revision, new ArrayList<>());
        }
    }

    void onReadStart() {
        found.clear();
    }

    void onRead(long number, KeyValue entry) {
        onRead(found, number, entry);
    }

    /** @param read by number, whether the key is as it should be */
    void onRead(Map<Long, Boolean> read, long number, KeyValue entry) {
        OwnClient own = table.get(number);
        if (own != null) {
            own.sent = true; // whoever sent it
        }
        read.put(number, own != null && isRight(own, entry));
    }

    void onReadEnd(long revision) {
        var unused = putRight(found, revision);
        found.clear();
    }

    /**
     * Notes what is to be written so that the keys are as they should be.
     *
     * @param read all that there were at {@code revision}: by number, whether the key was as it should be
     * @return those that were wrong, and not about to be written anyway
     */
    List<OwnClient> putRight(Map<Long, Boolean> read, long revision) {
        List<OwnClient> wrong = new ArrayList<>();
        for (OwnClient own : table.values()) {
            if (!read.getOrDefault(own.number, false) && (own.sent || !isBeingWritten(own.number))) {
                onWrong(own.number, own, revision, wrong);
            }
        }
        for (long number : read.keySet()) {
            if (!table.containsKey(number)) {
                onWrong(number, null, revision, wrong);
            }
        }
        return wrong;
    }

    private boolean isBeingWritten(long number) {
        return queue.find(number) != null || onItsWay.contains(number);
    }

    private static boolean isRight(OwnClient own, @Nullable KeyValue entry) {
        ClientLease lease = own.lease();
        return entry != null
                && own.hasClient()
                && (lease == null || lease.id() == entry.lease())
                && Arrays.equals(entry.value(), EtcdValues.of(own.client()));
    }

    /** At {@code revision}, a key was not as it should be. This server may have written or deleted it since. */
    private void onWrong(long number, @Nullable OwnClient own, long revision, List<OwnClient> wrong) {
        SentKey sent = onItsWay.find(number);
        OwnClient queued = queue.find(number);
        if (sent != null) {
            sent.own().touchedRevision = Math.max(sent.own().touchedRevision, revision);
        } else if (queued != null) {
            queued.sent = true; // whoever sent it: the key must be deleted when its client leaves
        } else if (revision > (own != null ? own.writtenRevision : deleteRevisions.of(number))) {
            OwnClient queuedNow = own != null ? own : new OwnClient(number, null);
            queuedNow.wrong = true;
            queue.add(queuedNow);
            wrong.add(queuedNow);
        }
    }

    /** This server has deleted a key. */
    void onDeleted(long number, long revision) {
        deleteRevisions.add(number, revision);
    }

    /** The watch is past {@code revision}: it brings nothing older. */
    void onReplicaAt(long revision) {
        deleteRevisions.forgetUpTo(revision);
    }

    /** etcd has lost its data: no revision means what it did. */
    void onDataLost() {
        deleteRevisions.clear();
    }
}
