package io.socketz.state;

import java.util.Comparator;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A connected client of any server. A value, and small: a roster may hold a million.
 *
 * @param server id of the {@link Member} it is connected to
 * @param number unique on that server and growing in the order in which clients join it; 1 or more
 * @param address {@code address:port} of the client
 * @param via {@code address:port} of the proxy in between; null if the client connected directly
 * @param since when it joined, in milliseconds since 1970-01-01T00:00:00Z; earlier than a client with a smaller number on
 *     the same server only if the clock of that server was set back in between
 */
public record Client(
        UUID server, long number, String address, @Nullable String via, long since) {
    /** The order in which clients joined: by time, then by server and number, so that every server shows the same order. */
    public static final Comparator<Client> JOIN_ORDER = Client::compareByJoin;

    private static int compareByJoin(Client a, Client b) {
        int order = Long.compare(a.since, b.since);
        if (order == 0) {
            order = a.server.compareTo(b.server);
        }
        return order != 0 ? order : Long.compare(a.number, b.number);
    }
}
