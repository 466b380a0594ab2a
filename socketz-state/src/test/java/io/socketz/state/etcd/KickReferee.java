package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.KickResult;
import io.socketz.state.etcd.transport.KeyValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks that nobody is disconnected but those who are to be, and that nothing is left of it in etcd. */
final class KickReferee {
    private static final Pattern KEY =
            Pattern.compile(".*/v1/kicks/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/[1-9][0-9]{0,17}");

    private final Consumer<String> counts;

    /** The ids of those who are to be disconnected. */
    private final Set<String> asked = new HashSet<>();

    /** Those who were said to be gone. */
    private final List<Client> gone = new ArrayList<>();

    KickReferee(Consumer<String> counts) {
        this.counts = counts;
    }

    /** Somebody is to be disconnected: perhaps by a key that was put by hand. */
    void onAsked(String id) {
        asked.add(id);
    }

    void onKicked(SimulatedServer server, Client client) {
        if (!client.server().equals(server.self().id()) || !asked.contains(client.id())) {
            throw new AssertionError(server.name() + ": disconnects " + client + ", which nobody asked for");
        }
        counts.accept("kicks heard");
    }

    void onAnswer(SimulatedServer server, List<Client> clients, KickResult result) {
        if (result.gone() + result.left().size() != clients.size() || !clients.containsAll(result.left())) {
            throw new AssertionError(server.name() + ": wrong numbers: " + result);
        }
        clients.stream().filter(client -> !result.left().contains(client)).forEach(gone::add);
        counts.accept(result.left().isEmpty() ? "kicks done" : "kicks too late");
    }

    /** Whoever was said to be gone is gone. For when nothing has gone wrong. */
    void checkGone(List<SimulatedServer> servers) {
        for (SimulatedServer server : servers) {
            for (Client client : gone) {
                if (server.clients().contains(client)) {
                    throw new AssertionError(server.name() + ": still has " + client + ", which was said to be gone");
                }
            }
        }
    }

    boolean isKick(KeyValue entry) {
        return KEY.matcher(entry.key()).matches();
    }

    /** At the end, there may be a key for a server that is gone and whose clients' keys are still there. */
    void checkLeft(KeyValue entry, Map<UUID, SimulatedServer> live, Set<String> byHand) {
        Matcher key = KEY.matcher(entry.key());
        boolean matches = key.matches();
        boolean isGone = matches && !live.containsKey(UUID.fromString(key.group(1)));
        if (!byHand.contains(entry.key()) && (!isGone || entry.lease() == 0)) {
            throw new AssertionError("left in etcd: " + entry.key());
        }
    }
}
