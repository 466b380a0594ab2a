package io.socketz.server.command;

import io.socketz.protocol.name.ClientReference;
import io.socketz.protocol.name.ServerReference;
import io.socketz.protocol.request.CommandArguments;
import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A question of {@code WHO LONG}: which clients, and how many of them. Immutable.
 *
 * <p>A page begins behind the client that {@code AFTER} names, whether or not that one is still connected. Clients join at
 * the end and keep their places; so pages neither skip nor repeat those who stay. To find its place costs O(log n), and
 * {@code SERVER} goes through the clients of that server alone.
 */
final class RosterQuery {
    private static final int DEFAULT_LIMIT = 1000;

    private static final String UNKNOWN =
            "expected the id of a client that is connected or left recently: begin again without AFTER";

    private final Optional<ServerReference> server;
    private final ClientFilter filter;
    private final Optional<ClientReference> after;
    private final int limit;

    RosterQuery(CommandArguments arguments) {
        server = arguments.server("SERVER");
        filter = ClientFilter.of(arguments);
        after = arguments.client("AFTER");
        limit = (int) arguments.number("LIMIT").orElse(DEFAULT_LIMIT);
    }

    /** The clients that are asked for, in the order in which they joined. */
    List<Client> answer(Roster roster) throws RequestRefusedException {
        if (server.isPresent()) {
            Member member = ServerLookup.find(server.get(), roster.members());
            List<Client> own = roster.clientsOf(member.id());
            return page(own, after.isPresent() ? placeOnServer(roster, member.id(), own) : 0);
        }
        return page(roster.clients(), after.isPresent() ? place(roster) : 0);
    }

    private List<Client> page(List<Client> clients, int from) {
        if (filter.isEmpty()) {
            return clients.subList(from, Math.min(clients.size(), from + limit));
        }
        List<Client> found = new ArrayList<>();
        for (int i = from; i < clients.size() && found.size() < limit; i++) {
            Client client = clients.get(i);
            if (filter.admits(client)) {
                found.add(client);
            }
        }
        return found;
    }

    // ---------------------------------------------------------------- where a page begins

    /** The index behind the client that {@code AFTER} names, in the list of all. */
    private int place(Roster roster) throws RequestRefusedException {
        ClientReference reference = after.orElseThrow();
        List<Client> meant = new ArrayList<>(ClientLookup.connected(reference, roster));
        if (meant.isEmpty() || !reference.server().isWholeId()) {
            departed(roster)
                    .filter(client -> reference.matches(client.server(), client.number()))
                    .forEach(meant::add);
        }
        Client client = ClientLookup.only(meant, UNKNOWN);
        return behind(Collections.binarySearch(roster.clients(), client, Client.JOIN_ORDER));
    }

    /** The same in the list of one server, where numbers alone tell the order: so it need not be known who left. */
    private int placeOnServer(Roster roster, UUID id, List<Client> own) throws RequestRefusedException {
        ClientReference reference = after.orElseThrow();
        long number = reference.number();
        if (!reference.server().matches(id)) {
            throw new RequestRefusedException(
                    "BAD_ARGUMENT", "expected AFTER and the id of a client of the same server");
        }
        boolean reached = !own.isEmpty() && number <= own.get(own.size() - 1).number();
        if (!reached && departed(roster).noneMatch(client -> client.server().equals(id) && client.number() >= number)) {
            throw ClientLookup.unknown(UNKNOWN);
        }
        return behind(Collections.binarySearch(own, new Client(id, number, "", null, 0), Client.NUMBER_ORDER));
    }

    private static Stream<Client> departed(Roster roster) {
        return roster.departures().stream().map(Departure::client);
    }

    private static int behind(int found) {
        return found >= 0 ? found + 1 : -found - 1;
    }
}
