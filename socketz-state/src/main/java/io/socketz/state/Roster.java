package io.socketz.state;

import java.util.List;

/**
 * Who was connected to the whole cluster at one revision: an exact snapshot, immutable.
 *
 * <p>Two rosters hold the same {@code clients} list, the same object, only if nobody joined or left between them: what
 * is made from a list, as its rendering, is good for as long as the list is the same.
 */
public final class Roster {
    private final long revision;
    private final List<Client> clients;
    private final boolean replica;
    private final long confirmedAt;

    private Roster(long revision, List<Client> clients, boolean replica, long confirmedAt) {
        this.revision = revision;
        this.clients = clients;
        this.replica = replica;
        this.confirmedAt = confirmedAt;
    }

    /**
     * A roster that is the truth by itself, not a replica of it: its age is always zero.
     *
     * @param clients in {@link Client#JOIN_ORDER}; must not change any more
     */
    public static Roster of(long revision, List<Client> clients) {
        return new Roster(revision, clients, false, 0);
    }

    /**
     * A roster that was copied from elsewhere, and grows old.
     *
     * @param clients in {@link Client#JOIN_ORDER}; must not change any more
     * @param confirmedAt when it was last known to be the truth, as {@link System#nanoTime}
     */
    public static Roster replica(long revision, List<Client> clients, long confirmedAt) {
        return new Roster(revision, clients, true, confirmedAt);
    }

    /** Counts the changes that this registry knows of: of its rosters, one with a larger revision is newer. 0 or more. */
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
     * How long ago this was last known to be the truth.
     *
     * @param now as {@link System#nanoTime}
     * @return nanoseconds, 0 or more
     */
    public long age(long now) {
        return replica ? Math.max(0, now - confirmedAt) : 0;
    }
}
