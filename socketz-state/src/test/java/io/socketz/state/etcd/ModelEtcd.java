package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.WatchEvent;
import io.socketz.state.etcd.transport.Write;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * etcd's state, as far as clients can see it: one store, without members. Time is an argument, and nothing happens by
 * itself. Compared with etcd 3.4.23 by {@code etcdctl}.
 *
 * <p>It remembers everything for those who judge: complete histories, of lost data too.
 */
final class ModelEtcd {
    private static final long SECOND = 1_000_000_000L;

    /**
     * A change of one key at one revision.
     *
     * @param time of the change, in nanoseconds
     */
    record Change(WatchEvent event, @Nullable KeyValue before, long time) {
        String key() {
            return event.key();
        }
    }

    /** etcd refuses. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final Kind kind;

        Refusal(Kind kind, String message) {
            super(message, null, false, false);
            this.kind = kind;
        }

        EtcdFailure failure() {
            return new EtcdFailure(kind, "etcd: " + getMessage());
        }
    }

    /** Everything since the store was empty. */
    static final class History {
        /** The changes of each revision, from 2 on. */
        private final List<List<Change>> revisions = new ArrayList<>();

        /** When the data was lost; {@link Long#MAX_VALUE} if it was not. */
        private long lostAt = Long.MAX_VALUE;

        /** The last revision; 1 if nothing has happened. */
        long revision() {
            return revisions.size() + 1L;
        }

        /**
         * The changes of a revision.
         *
         * @param revision 2 to {@link #revision}
         */
        List<Change> at(long revision) {
            return revisions.get((int) (revision - 2));
        }

        /** When keys in a range first differed from {@code revision}; {@link Long#MAX_VALUE} if they did not. */
        long until(long revision, String from, String to) {
            for (long later = Math.max(2, revision + 1); later <= revision(); later++) {
                for (Change change : at(later)) {
                    if (change.key().compareTo(from) >= 0 && change.key().compareTo(to) < 0) {
                        return change.time;
                    }
                }
            }
            return lostAt;
        }
    }

    private static final class Lease {
        final long ttlSeconds;
        final Set<String> keys = new LinkedHashSet<>();
        long deadline;

        Lease(long ttlSeconds, long deadline) {
            this.ttlSeconds = ttlSeconds;
            this.deadline = deadline;
        }
    }

    /** The minimum that {@code --election-timeout} implies. */
    private final long minTtlSeconds;

    private final List<History> histories = new ArrayList<>(List.of(new History()));
    private final NavigableMap<String, KeyValue> keys = new TreeMap<>();
    private final Map<Long, Lease> leases = new LinkedHashMap<>();
    private final Set<Runnable> observers = new LinkedHashSet<>();

    private long lastLease = 1_000;
    private long compacted;
    private boolean available = true;

    /** Since when it accepts no puts and grants no leases; {@link Long#MAX_VALUE} if it does. */
    private long fullSince = Long.MAX_VALUE;

    private int mostKeysOnALease;

    private int commitsStopped;

    ModelEtcd(long minTtlSeconds) {
        this.minTtlSeconds = minTtlSeconds;
    }

    private History now() {
        return histories.get(histories.size() - 1);
    }

    long revision() {
        return now().revision();
    }

    /** How often all data was lost. */
    int generation() {
        return histories.size() - 1;
    }

    History history(int generation) {
        return histories.get(generation);
    }

    /** The smallest revision that can be read, other than 0. */
    long compacted() {
        return compacted;
    }

    /** Whether it answers. */
    boolean available() {
        return available;
    }

    /** The largest number of keys that ever hung on one lease. */
    int mostKeysOnALease() {
        return mostKeysOnALease;
    }

    /** Keys and values, in order. */
    NavigableMap<String, KeyValue> keys() {
        return Collections.unmodifiableNavigableMap(keys);
    }

    /** All leases, oldest first. */
    List<Long> leases() {
        return List.copyOf(leases.keySet());
    }

    /** Run after every change of keys, and after {@link #loseData}. */
    void observe(Runnable observer) {
        observers.add(observer);
    }

    void ignore(Runnable observer) {
        observers.remove(observer);
    }

    private void changed() {
        for (Runnable observer : List.copyOf(observers)) {
            observer.run();
        }
    }

    long grant(long now, long ttlSeconds) {
        checkSpace();
        long ttl = Math.max(ttlSeconds, minTtlSeconds);
        leases.put(++lastLease, new Lease(ttl, now + ttl * SECOND));
        return lastLease;
    }

    /** The lease's TTL; 0 if there is no such lease, or it is due. */
    long keepAlive(long now, long lease) {
        Lease found = leases.get(lease);
        if (found == null || found.deadline <= now) {
            return 0;
        }
        found.deadline = now + found.ttlSeconds * SECOND;
        return found.ttlSeconds;
    }

    long revoke(long now, long lease) {
        Lease found = leases.remove(lease);
        if (found == null) {
            throw new Refusal(Kind.LEASE_NOT_FOUND, "requested lease not found");
        }
        List<Write> deletes = new ArrayList<>();
        new TreeSet<>(found.keys).forEach(key -> deletes.add(new Write.Delete(key)));
        return apply(now, deletes);
    }

    /** @param fence holds, or nothing is written */
    Committed commit(long now, Fence fence, List<Write> writes) {
        checkSpace(writes); // before etcd compares
        KeyValue guard = keys.get(fence.key());
        long changedAt = guard == null ? 0 : guard.revision();
        if (changedAt == fence.revision()) {
            return new Committed(true, commit(now, writes));
        }
        commitsStopped++;
        return new Committed(false, changedAt);
    }

    /** How many transactions wrote nothing because of their fence. */
    int commitsStopped() {
        return commitsStopped;
    }

    long commit(long now, List<Write> writes) {
        checkSpace(writes);
        for (Write write : writes) {
            if (write instanceof Write.Put put && put.lease() != 0 && !leases.containsKey(put.lease())) {
                throw new Refusal(Kind.LEASE_NOT_FOUND, "requested lease not found");
            }
        }
        return apply(now, writes);
    }

    /** At one new revision; at none if nothing changes, for example if all deleted keys are absent. */
    private long apply(long now, List<Write> writes) {
        long revision = revision() + 1;
        List<Change> changes = new ArrayList<>(writes.size());
        for (Write write : writes) {
            KeyValue before = keys.get(write.key());
            KeyValue after = null;
            if (write instanceof Write.Put put) {
                after = new KeyValue(put.key(), put.value(), put.lease(), revision);
            } else if (before == null) {
                continue;
            }
            detach(before);
            attach(after);
            if (after == null) {
                keys.remove(write.key());
            } else {
                keys.put(write.key(), after);
            }
            changes.add(new Change(new WatchEvent(write.key(), after, revision), before, now));
        }
        if (!changes.isEmpty()) {
            now().revisions.add(changes);
            changed();
        }
        return revision();
    }

    private void detach(@Nullable KeyValue entry) {
        Lease lease = entry == null ? null : leases.get(entry.lease());
        if (entry != null && lease != null) {
            lease.keys.remove(entry.key());
        }
    }

    private void attach(@Nullable KeyValue entry) {
        Lease lease = entry == null ? null : leases.get(entry.lease());
        if (entry != null && lease != null) {
            lease.keys.add(entry.key());
            mostKeysOnALease = Math.max(mostKeysOnALease, lease.keys.size());
        }
    }

    RangePage range(String from, String to, long revision, int limit) {
        if (revision > revision()) {
            throw new Refusal(Kind.REFUSED, "mvcc: required revision is a future revision");
        }
        if (revision != 0 && revision < compacted) {
            throw new Refusal(Kind.COMPACTED, "mvcc: required revision has been compacted");
        }
        List<KeyValue> page = new ArrayList<>();
        for (KeyValue entry : at(from, to, revision == 0 ? revision() : revision)) {
            if (page.size() == limit) {
                return new RangePage(page, true, revision());
            }
            page.add(entry);
        }
        return new RangePage(page, false, revision());
    }

    /** The state at a revision: the current state with the later changes undone. */
    private Iterable<KeyValue> at(String from, String to, long revision) {
        NavigableMap<String, KeyValue> part = keys.subMap(from, true, to, false);
        if (revision == revision()) {
            return part.values();
        }
        TreeMap<String, KeyValue> then = new TreeMap<>(part);
        for (long undone = revision(); undone > revision; undone--) {
            if (undone < 2) {
                break;
            }
            for (Change change : now().at(undone)) {
                if (change.before != null) {
                    then.put(change.key(), change.before);
                } else {
                    then.remove(change.key());
                }
            }
        }
        return then.subMap(from, true, to, false).values();
    }

    /** Expires the leases that are due, each at its own revision; none while there is no leader. */
    void expire(long now) {
        for (long id : leases()) {
            Lease lease = leases.get(id);
            if (available && lease != null && lease.deadline <= now) {
                revoke(now, id);
            }
        }
    }

    /**
     * Forgets everything before {@code revision}.
     *
     * @param revision the first that can still be read, and watched from
     */
    void compact(long revision) {
        compacted = Math.max(compacted, revision);
    }

    /** Reaches its quota: from now on it accepts only reads and deletes, and leases can be renewed. */
    void fill(long now) {
        fullSince = now;
    }

    /** Is compacted and defragmented, and its alarm is off. */
    void makeSpace() {
        fullSince = Long.MAX_VALUE;
    }

    /** Since when it accepts no puts; {@link Long#MAX_VALUE} if it does. */
    long fullSince() {
        return fullSince;
    }

    /** A full etcd still deletes. */
    private void checkSpace(List<Write> writes) {
        if (writes.stream().anyMatch(Write.Put.class::isInstance)) {
            checkSpace();
        }
    }

    private void checkSpace() {
        if (fullSince != Long.MAX_VALUE) {
            throw new Refusal(Kind.REFUSED, "mvcc: database space exceeded");
        }
    }

    /** Loses its leader, or all members. */
    void goDown() {
        available = false;
    }

    /** A new leader gives every lease its full time again. */
    void elect(long now) {
        available = true;
        for (Lease lease : leases.values()) {
            lease.deadline = now + lease.ttlSeconds * SECOND;
        }
    }

    /** Starts empty, at revision 1. Lease ids are never reused, since etcd's are random. */
    void loseData(long now) {
        now().lostAt = now;
        histories.add(new History());
        keys.clear();
        leases.clear();
        compacted = 0;
        makeSpace();
        changed();
    }
}
