package io.socketz.state.etcd;

import io.socketz.state.etcd.Keys.KickKey;
import io.socketz.state.etcd.transport.Write;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The keys by which one server asks another to end a client's connection.
 *
 * <pre>{@code
 *   the one that asks:   ask ---> queue --write--> on its way --committed--> in etcd --client is gone, or too late--> deleted
 *   the one that obeys:  etcd shows it --> heard --client leaves--> deleted, in the commit with the client's key
 *                                      \--no such client----------> deleted
 * }</pre>
 *
 * They hang on the member lease of the server that asks: so nothing is left of it when it dies, and a new member lease gets
 * the keys anew. A key names one client, by a number that is never used twice: so it cannot hit another one.
 *
 * <p>Nothing here sends a commit: it says what the next one has to write. The queue is as long as what this server was asked
 * to do, and what etcd has below its id.
 */
final class Kicks {
    /** Of the 128 operations of a commit: others can join and leave meanwhile. */
    static final int MAX_WRITES = 32;

    private final UUID self;
    private final Keys keys;

    /** What this server asks others for, as values of the keys. */
    private final Map<KickKey, byte[]> asked = new LinkedHashMap<>();

    /** Those of {@link #asked} that may be in etcd. */
    private final Set<KickKey> sent = new HashSet<>();

    private final Set<KickKey> puts = new LinkedHashSet<>();

    /** Apart from {@link #puts}: a transaction has each key once. */
    private final Set<KickKey> deletes = new LinkedHashSet<>();

    /** Clients of this server whose keys are in etcd, by number. */
    private final Set<Long> heard = new HashSet<>();

    /** The keys on their way, and whether they are put. */
    private final Map<KickKey, Boolean> onItsWay = new HashMap<>();

    /** The lease of the keys that are in etcd. */
    private long lease;

    Kicks(UUID self, Keys keys) {
        this.self = self;
        this.keys = keys;
    }

    // ---------------------------------------------------------------- the server that asks

    void ask(UUID server, long number, String reason) {
        KickKey key = new KickKey(server, number);
        asked.put(key, EtcdValues.ofKick(reason));
        deletes.remove(key);
        puts.add(key);
    }

    /** It is done, or not wanted any more. */
    void end(UUID server, long number) {
        KickKey key = new KickKey(server, number);
        if (asked.remove(key) != null) {
            puts.remove(key);
            if (sent.remove(key)) {
                deletes.add(key);
            }
        }
    }

    // ---------------------------------------------------------------- the server that obeys

    /** etcd has a key for a client of this server, who is there. */
    void onHeard(long number) {
        heard.add(number);
    }

    /** etcd has a key for a client that this server does not have. */
    void onUnknown(long number) {
        deletes.add(new KickKey(self, number));
    }

    /** etcd has no such key any more. */
    void onDeleted(long number) {
        heard.remove(number);
        deletes.remove(new KickKey(self, number));
    }

    /** A client of this server has left. */
    void onLeft(long number) {
        if (heard.remove(number)) {
            deletes.add(new KickKey(self, number));
        }
    }

    // ---------------------------------------------------------------- what to write

    /**
     * Adds what is to be done to the keys, as far as it fits.
     *
     * @param memberLease what they are put on; 0 for none: then they are only deleted
     * @return whether any is put
     */
    boolean write(List<Write> writes, long memberLease) {
        if (memberLease != 0 && memberLease != lease) {
            lease = memberLease;
            puts.addAll(asked.keySet());
        }
        int most = writes.size() + MAX_WRITES;
        Iterator<KickKey> waiting = puts.iterator();
        boolean putsAny = false;
        while (memberLease != 0 && waiting.hasNext() && writes.size() < most) {
            KickKey key = waiting.next();
            waiting.remove();
            byte[] value = asked.get(key);
            if (value != null) {
                putsAny = true;
                sent.add(key);
                onItsWay.put(key, true);
                writes.add(new Write.Put(keys.kick(key.server(), key.number()), value, memberLease));
            }
        }
        waiting = deletes.iterator();
        while (waiting.hasNext() && writes.size() < most) {
            KickKey key = waiting.next();
            waiting.remove();
            onItsWay.put(key, false);
            writes.add(new Write.Delete(keys.kick(key.server(), key.number())));
        }
        return putsAny;
    }

    void onCommitted() {
        onItsWay.clear();
    }

    /** Nothing was written, or what was on its way may have arrived, or may still arrive. */
    void onCommitFailed() {
        onItsWay.forEach((key, put) -> {
            if (put && asked.containsKey(key)) {
                puts.add(key);
            } else if (!puts.contains(key)) {
                deletes.add(key);
            }
        });
        onItsWay.clear();
    }

    /** The server leaves: the keys go with the leases of those who have asked. */
    void leaveAll() {
        asked.clear();
        sent.clear();
        puts.clear();
        deletes.clear();
        heard.clear();
    }
}
