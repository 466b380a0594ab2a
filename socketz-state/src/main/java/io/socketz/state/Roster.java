package io.socketz.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who was connected to the whole cluster at one revision: an exact snapshot, immutable.
 *
 * <p>While nobody joins or leaves or changes its name, rosters hold the same {@code clients} list, the same object, which
 * never changes: what is made from a list, for example its text, can be reused as long as the list is the same object. The
 * same goes for each server's list.
 */
public final class Roster {
    /**
     * A server and its clients.
     *
     * @param clients in {@link Client#NUMBER_ORDER}; never changed again
     */
    public record ServerPart(Member member, List<Client> clients) {}

    private final long version;
    private final long revision;
    private final List<Client> clients;
    private final List<ServerPart> servers;
    private final List<List<Departure>> departures;
    private final boolean replica;
    private final long confirmedAt;

    private Roster(
            long version,
            long revision,
            List<Client> clients,
            List<ServerPart> servers,
            List<List<Departure>> departures,
            boolean replica,
            long confirmedAt) {
        this.version = version;
        this.revision = revision;
        this.clients = clients;
        this.servers = servers;
        this.departures = departures;
        this.replica = replica;
        this.confirmedAt = confirmedAt;
    }

    /**
     * A roster that is the original, not a replica: its age is always zero.
     *
     * @param clients in {@link Client#JOIN_ORDER}; never changed again
     * @param servers the same clients, in {@link Member#START_ORDER} of their servers; never changed again
     * @param departures from a {@link DepartureLog}
     */
    public static Roster of(
            long version, List<Client> clients, List<ServerPart> servers, List<List<Departure>> departures) {
        return new Roster(version, version, clients, servers, departures, false, 0);
    }

    /** The same without departures. */
    public static Roster of(long version, List<Client> clients, List<ServerPart> servers) {
        return of(version, clients, servers, List.of());
    }

    /** The same without members, for callers that need the clients alone. */
    public static Roster of(long version, List<Client> clients) {
        return of(version, clients, List.of(), List.of());
    }

    /**
     * A roster that was copied from a store, and grows old.
     *
     * @param revision of the store that it was copied from
     * @param clients in {@link Client#JOIN_ORDER}; never changed again
     * @param servers the same clients, in {@link Member#START_ORDER} of their servers; never changed again
     * @param departures from a {@link DepartureLog}
     * @param confirmedAt when it was last known to be complete, as {@link System#nanoTime}
     */
    public static Roster replica(
            long version,
            long revision,
            List<Client> clients,
            List<ServerPart> servers,
            List<List<Departure>> departures,
            long confirmedAt) {
        return new Roster(version, revision, clients, servers, departures, true, confirmedAt);
    }

    /** The same without members, for callers that need the clients alone. */
    public static Roster replica(long version, long revision, List<Client> clients, long confirmedAt) {
        return replica(version, revision, clients, List.of(), List.of(), confirmedAt);
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

    /** The servers whose clients the roster shows, this one included, in {@link Member#START_ORDER}; unmodifiable. */
    public List<Member> members() {
        List<Member> members = new ArrayList<>(servers.size());
        servers.forEach(server -> members.add(server.member));
        return List.copyOf(members);
    }

    /**
     * The clients of one server, in the order of their numbers; unmodifiable, with random access.
     *
     * @param server a member's id; if there is no such member, it has no clients
     */
    public List<Client> clientsOf(UUID server) {
        for (ServerPart part : servers) {
            if (part.member.id().equals(server)) {
                return part.clients;
            }
        }
        return List.of();
    }

    /** A client by its id, in O(log n); null if it is not connected. */
    public @Nullable Client find(UUID server, long number) {
        List<Client> part = clientsOf(server);
        int low = 0;
        int high = part.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Client client = part.get(middle);
            if (client.number() == number) {
                return client;
            }
            if (client.number() < number) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /**
     * The clients that have left recently, as far as this server has seen it, oldest first: at most 10,000 of each server, each
     * once. Those that seemed to have left and are connected are not among them. Made anew by each call, in O(n log n).
     */
    public List<Departure> departures() {
        List<Departure> all = new ArrayList<>();
        for (List<Departure> one : departures) {
            Set<Long> known = new HashSet<>();
            for (int i = one.size() - 1; i >= 0; i--) {
                Client client = one.get(i).client();
                if (known.add(client.number()) && find(client.server(), client.number()) == null) {
                    all.add(one.get(i));
                }
            }
        }
        all.sort(Comparator.comparingLong(Departure::at).thenComparing(Departure::client, Client.JOIN_ORDER));
        return Collections.unmodifiableList(all);
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
