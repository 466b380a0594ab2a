package io.socketz.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The latest departures of each server: at most {@value #MAX_PER_SERVER} of one server, of at most {@value #MAX_SERVERS}
 * servers, in at most 16 MiB; what is too much goes, oldest first. (Memory is freed late: twice as much may be in use.)
 *
 * <p>Cheap to copy: copies share the entries, which never change. Not thread-safe; the copies are.
 */
public final class DepartureLog {
    /** How many departures of one server are kept. */
    public static final int MAX_PER_SERVER = 10_000;

    static final int MAX_SERVERS = 256;
    static final int MAX_BYTES = 16 << 20;

    /** What a departure takes in memory, in bytes, apart from its texts: itself, its client, the heads of four texts. */
    private static final int FIXED_BYTES = 240;

    /** What the list of a server takes in memory, in bytes. */
    private static final int LIST_BYTES = 1_024;

    /** The departures of one server: copies share the array up to the end they know. */
    private static final class Tail {
        private Departure[] entries = new Departure[16];
        private int from;
        private int to;

        int size() {
            return to - from;
        }

        Departure first() {
            return entries[from];
        }

        void add(Departure departure) {
            if (to == entries.length) {
                Departure[] bigger = new Departure[Math.max(16, 2 * size())];
                System.arraycopy(entries, from, bigger, 0, size());
                to = size();
                from = 0;
                entries = bigger;
            }
            entries[to++] = departure;
        }

        Departure removeFirst() {
            return entries[from++];
        }

        List<Departure> copy() {
            return Collections.unmodifiableList(Arrays.asList(entries).subList(from, to));
        }
    }

    /** By server; the one that has had no departure for longest is first. */
    private final Map<UUID, Tail> servers = new LinkedHashMap<>();

    private long bytes;

    /** The last copy, as long as it is right. */
    private @Nullable List<List<Departure>> copy;

    /** Nobody has left yet. */
    public DepartureLog() {}

    /** Adds the latest departure of a server. */
    public void add(Departure departure) {
        UUID server = departure.client().server();
        Tail tail = servers.remove(server);
        if (tail == null) {
            tail = new Tail();
            bytes += LIST_BYTES;
        }
        servers.put(server, tail);
        tail.add(departure);
        bytes += bytesOf(departure);
        if (tail.size() > MAX_PER_SERVER) {
            bytes -= bytesOf(tail.removeFirst());
        }
        if (servers.size() > MAX_SERVERS) {
            removeServer();
        }
        while (bytes > MAX_BYTES) {
            removeOldest();
        }
        copy = null;
    }

    private void removeServer() {
        Iterator<Tail> tails = servers.values().iterator();
        Tail tail = tails.next();
        tails.remove();
        bytes -= LIST_BYTES;
        while (tail.size() > 0) {
            bytes -= bytesOf(tail.removeFirst());
        }
    }

    private void removeOldest() {
        Tail oldest = null;
        for (Tail tail : servers.values()) {
            if (oldest == null || tail.first().at() < oldest.first().at()) {
                oldest = tail;
            }
        }
        if (oldest != null) {
            Departure removed = oldest.removeFirst();
            bytes -= bytesOf(removed);
            if (oldest.size() == 0) {
                servers.remove(removed.client().server());
                bytes -= LIST_BYTES;
            }
        }
    }

    private static int bytesOf(Departure departure) {
        Client client = departure.client();
        return FIXED_BYTES
                + client.address().length()
                + lengthOf(client.via())
                + lengthOf(client.name())
                + departure.reason().length();
    }

    private static int lengthOf(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** The departures as they are now: a list for each server, each in the order in which they were added; unmodifiable. */
    public List<List<Departure>> copy() {
        if (copy == null) {
            List<List<Departure>> lists = new ArrayList<>(servers.size());
            servers.values().forEach(tail -> lists.add(tail.copy()));
            copy = List.copyOf(lists);
        }
        return copy;
    }
}
