package io.socketz.server.command;

import io.socketz.protocol.name.ClientReference;
import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Roster;
import java.util.List;
import java.util.Objects;

/** Finds the client that an id names. */
final class ClientLookup {
    private ClientLookup() {}

    /** The connected clients that are meant: more than one if eight characters stand for several servers. */
    static List<Client> connected(ClientReference reference, Roster roster) {
        return roster.members().stream()
                .map(Member::id)
                .filter(reference.server()::matches)
                .map(server -> roster.find(server, reference.number()))
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * The one client that is meant.
     *
     * @param meant all that are
     * @param expected what to say if there is none
     */
    static Client only(List<Client> meant, String expected) throws RequestRefusedException {
        if (meant.isEmpty()) {
            throw unknown(expected);
        }
        if (meant.size() > 1) {
            throw new RequestRefusedException(
                    "AMBIGUOUS_ID", "expected the whole id of one client: " + meant.size() + " clients match this one");
        }
        return meant.get(0);
    }

    static RequestRefusedException unknown(String expected) {
        return new RequestRefusedException("UNKNOWN_ID", expected);
    }
}
