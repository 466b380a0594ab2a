package io.socketz.server.haproxy;

import io.socketz.state.Member;
import io.socketz.state.Roster;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** How many clients each server of the cluster has. A value: servers that see the same roster come to the same conclusions. */
final class Spread {
    /** So many percent of a server's share is how far it may be from that. */
    private static final double UNEVEN = 0.10;

    /** With a small share, a few clients are many percent. */
    private static final int UNEVEN_CLIENTS = 10;

    /** Clearly less than {@link #UNEVEN}, so that a spread that was made even does not become uneven with the next client. */
    private static final double EVEN = 0.03;

    private static final int EVEN_CLIENTS = 3;

    /** Clients come and go; more than that is a server that drains, or many that come at once. */
    private static final double CHANGED = 0.05;

    private static final int CHANGED_CLIENTS = 5;

    private final Map<UUID, Integer> clients;
    private final double mean;

    /** @param clients of each server */
    Spread(Map<UUID, Integer> clients) {
        this.clients = Map.copyOf(clients);
        this.mean =
                clients.values().stream().mapToInt(Integer::intValue).average().orElse(0);
    }

    static Spread of(Roster roster) {
        Map<UUID, Integer> clients = new HashMap<>();
        for (Member member : roster.members()) {
            clients.put(member.id(), roster.clientsOf(member.id()).size());
        }
        return new Spread(clients);
    }

    int clientsOf(UUID server) {
        return clients.getOrDefault(server, 0);
    }

    /** The share of each server. */
    double mean() {
        return mean;
    }

    /** Whether a server is so far from its share that clients should move: more than 10 %, and more than 10 clients. */
    boolean isUneven() {
        return furthest() > Math.max(UNEVEN * mean, UNEVEN_CLIENTS);
    }

    /** Whether all servers are as near to their share as they need be. Between this and {@link #isUneven}, nothing changes. */
    boolean isEven() {
        return furthest() <= Math.max(EVEN * mean, EVEN_CLIENTS);
    }

    /** How far the server is from its share that is furthest. */
    private double furthest() {
        return clients.values().stream()
                .mapToDouble(count -> Math.abs(count - mean))
                .max()
                .orElse(0);
    }

    /** How many clients a server has beyond its share; 0 if it has none. */
    int excess(UUID server) {
        return (int) Math.max(0, clientsOf(server) - mean);
    }

    /**
     * The share of new clients that a server should get while the spread is uneven, 1 to 100: in proportion to what it lacks,
     * so that all servers reach the mean together. Those that lack nothing get hardly any, but never none: see {@link
     * AgentLine}.
     */
    int weight(UUID server) {
        double most = clients.values().stream()
                .mapToDouble(count -> mean - count)
                .max()
                .orElse(0);
        return most <= 0 ? 100 : (int) Math.max(1, Math.round(100 * (mean - clientsOf(server)) / most));
    }

    boolean hasSameServers(Spread other) {
        return clients.keySet().equals(other.clients.keySet());
    }

    /** Whether the same servers have about as many clients as they had in {@code earlier}. */
    boolean isLike(Spread earlier) {
        double most = Math.max(CHANGED * earlier.mean, CHANGED_CLIENTS);
        return hasSameServers(earlier)
                && clients.keySet().stream()
                        .allMatch(server -> Math.abs(clientsOf(server) - earlier.clientsOf(server)) <= most);
    }

    /** How many more clients the servers have now that had less than their share in {@code earlier}; 0 or more. */
    int arrivedSince(Spread earlier) {
        int arrived = clients.keySet().stream()
                .filter(server -> earlier.clientsOf(server) < earlier.mean)
                .mapToInt(server -> clientsOf(server) - earlier.clientsOf(server))
                .sum();
        return Math.max(0, arrived);
    }
}
