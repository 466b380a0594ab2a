package io.socketz.state;

import java.util.List;

/**
 * Who was connected to the whole cluster at one revision: an exact snapshot, immutable.
 *
 * <p>While nobody joins or leaves, rosters hold the same {@code clients} list, the same object, which never changes: what
 * is made from a list, for example its text, can be reused as long as the list is the same object.
 */
public final class Roster {
    private final long version;
    private final long revision;
    private final List<Client> clients;
    private final boolean replica;
    private final long confirmedAt;

    private Roster(long version, long revision, List<Client> clients, boolean replica, long confirmedAt) {
        this.version = version;
        this.revision = revision;
        this.clients = clients;
        this.replica = replica;
        this.confirmedAt = confirmedAt;
    }

    /**
     * A roster that is the original, not a replica: its age is always zero.
     *
     * @param clients in {@link Client#JOIN_ORDER}; never changed again
     */
    public static Roster of(long version, List<Client> clients) {
        return new Roster(version, version, clients, false, 0);
    }

    /**
     * A roster that was copied from a store, and grows old.
     *
     * @param revision of the store that it was copied from
     * @param clients in {@link Client#JOIN_ORDER}; never changed again
     * @param confirmedAt when it was last known to be complete, as {@link System#nanoTime}
     */
    public static Roster replica(long version, long revision, List<Client> clients, long confirmedAt) {
        return new Roster(version, revision, clients, true, confirmedAt);
    }

    /** Counts the changes of this registry's roster: the roster with the larger version is newer. 0 or more. */
    public long version() {
        return version;
    }

    /**
     * The store's revision: the roster holds all changes of other servers up to it, and none after it. 0 before there is
     * one. If the roster is not a copy, its version.
     */
    public long revision() {
        return revision;
    }

    /** All clients of all servers, in the order in which they joined; unmodifiable, with random access. */
    public List<Client> clients() {
        return clients;
    }

    /** How many clients there are. */
    public int size() {
        return clients.size();
    }

    /**
     * How long ago this roster was last known to be complete.
     *
     * @param now as {@link System#nanoTime}
     * @return nanoseconds, 0 or more
     */
    public long age(long now) {
        return replica ? Math.max(0, now - confirmedAt) : 0;
    }
}
