package io.socketz.state;

import java.util.Comparator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connected client, on whichever server. A value, and small: a roster may hold a million.
 *
 * @param server id of the {@link Member} it is connected to
 * @param number unique on that server and growing in the order in which clients join it; 1 or more
 * @param address {@code address:port} of the client
 * @param via {@code address:port} of the proxy in between, or null where the client connected directly
 * @param since when it joined, in milliseconds since 1970-01-01T00:00:00Z; less than that of a client with a
 *     smaller number on the same server only where the clock of that server was put back in between
 */
public record Client(
        UUID server, long number, String address, @Nullable String via, long since) {
    /** The order in which clients joined: by time, then, so that every server shows the same, by server and number. */
    public static final Comparator<Client> JOIN_ORDER = Client::compareByJoin;

    private static int compareByJoin(Client a, Client b) {
        int order = Long.compare(a.since, b.since);
        if (order == 0) {
            order = a.server.compareTo(b.server);
        }
        return order != 0 ? order : Long.compare(a.number, b.number);
    }
}
