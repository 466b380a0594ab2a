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
 * @param name what the client calls itself: see {@link #isName}; null if it has no name
 */
public record Client(
        UUID server,
        long number,
        String address,
        @Nullable String via,
        long since,
        @Nullable String name) {
    /** The longest name, in bytes. */
    public static final int MAX_NAME_LENGTH = 64;

    /** The order in which clients joined: by time, then by server and number, so that every server shows the same order. */
    public static final Comparator<Client> JOIN_ORDER = Client::compareByJoin;

    /** The order of the numbers, for clients of one server. */
    public static final Comparator<Client> NUMBER_ORDER = Client::compareByNumber;

    /** @throws IllegalArgumentException if {@code name} is not allowed */
    public Client {
        if (name != null && !isName(name)) {
            throw new IllegalArgumentException("no name");
        }
    }

    /** A client without a name. */
    public Client(UUID server, long number, String address, @Nullable String via, long since) {
        this(server, number, address, via, since, null);
    }

    /**
     * Whether a client may have this name: 1 to 64 printable characters of ASCII, without blanks, quotes and {@code =}. So it
     * can be a field of a record, and breaks no line.
     */
    public static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_NAME_LENGTH
                && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\'' && c != '"' && c != '=');
    }

    /** {@code SERVER-ID/NUMBER}: no other client ever has the same one. */
    public String id() {
        return server + "/" + number;
    }

    /** The same client, with another name. */
    public Client withName(@Nullable String newName) {
        return new Client(server, number, address, via, since, newName);
    }

    private static int compareByNumber(Client a, Client b) {
        return Long.compare(a.number, b.number);
    }

    private static int compareByJoin(Client a, Client b) {
        int order = Long.compare(a.since, b.since);
        if (order == 0) {
            order = a.server.compareTo(b.server);
        }
        return order != 0 ? order : Long.compare(a.number, b.number);
    }
}
