package io.socketz.state.etcd;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The layout of the keys, in one place:
 *
 * <pre>
 *   PREFIX/v1/members/SERVER-ID
 *   PREFIX/v1/clients/SERVER-ID/CLIENT-NUMBER
 *   PREFIX/v1/closed/SERVER-ID
 *   PREFIX/v1/kicks/SERVER-ID/CLIENT-NUMBER
 * </pre>
 */
final class Keys {
    /** What a key under the prefix stands for. */
    sealed interface Parsed {
        /** Whose key it is. */
        UUID server();
    }

    record MemberKey(UUID server) implements Parsed {}

    record ClientKey(UUID server, long number) implements Parsed {}

    record ClosedKey(UUID server) implements Parsed {}

    /** Asks {@code server} to end the connection of its client. */
    record KickKey(UUID server, long number) implements Parsed {}

    private static final int UUID_LENGTH = 36;
    private static final int MAX_DIGITS = 18; // any number of so many digits fits into a long

    private final String root;
    private final String members;
    private final String clients;
    private final String closed;
    private final String kicks;

    /** @param prefix for example {@code /socketz} */
    Keys(String prefix) {
        root = prefix + "/v1/";
        members = root + "members/";
        clients = root + "clients/";
        closed = root + "closed/";
        kicks = root + "kicks/";
    }

    /** None of the service's keys is before this one. */
    String first() {
        return root;
    }

    /** All of the service's keys are before this one. */
    String end() {
        return root.substring(0, root.length() - 1) + (char) ('/' + 1);
    }

    /** The first possible key after {@code key}. */
    static String behind(String key) {
        return key + '\0';
    }

    String member(UUID server) {
        return members + server;
    }

    String client(UUID server, long number) {
        return clients + server + '/' + number;
    }

    /** None of the server's client keys is before this one. */
    String firstClient(UUID server) {
        return clients + server + '/';
    }

    /** All of the server's client keys are before this one. */
    String endOfClients(UUID server) {
        return clients + server + (char) ('/' + 1);
    }

    /** By which a server is asked to end the connection of a client. */
    String kick(UUID server, long number) {
        return kicks + server + '/' + number;
    }

    /** Where a server says why clients left. */
    String closed(UUID server) {
        return closed + server;
    }

    /** Whether {@code key} is under the keys that say why clients left. */
    boolean isClosed(String key) {
        return key.startsWith(closed);
    }

    /** What {@code key} stands for; null if it is not exactly what one of the methods above makes. */
    @Nullable
    Parsed parse(String key) {
        if (key.startsWith(clients)) {
            return parse(key, clients.length(), ClientKey::new);
        }
        if (key.startsWith(kicks)) {
            return parse(key, kicks.length(), KickKey::new);
        }
        if (key.startsWith(members)) {
            UUID server = uuid(key.substring(members.length()));
            return server == null ? null : new MemberKey(server);
        }
        if (key.startsWith(closed)) {
            UUID server = uuid(key.substring(closed.length()));
            return server == null ? null : new ClosedKey(server);
        }
        return null;
    }

    /** A kind of key that ends with a server's id and a client's number. */
    @FunctionalInterface
    private interface OfClient {
        Parsed of(UUID server, long number);
    }

    private static @Nullable Parsed parse(String key, int from, OfClient kind) {
        int slash = from + UUID_LENGTH;
        if (key.length() < slash + 2 || key.charAt(slash) != '/') {
            return null;
        }
        UUID server = uuid(key.substring(from, slash));
        long number = number(key, slash + 1);
        return server == null || number < 1 ? null : kind.of(server, number);
    }

    private static @Nullable UUID uuid(String text) {
        if (text.length() != UUID_LENGTH) {
            return null;
        }
        try {
            UUID id = UUID.fromString(text);
            return id.toString().equals(text) ? id : null; // fromString also accepts forms that toString does not write
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A decimal number from {@code from} to the end, without leading zeros; 0 for anything else. */
    private static long number(String key, int from) {
        if (key.length() - from > MAX_DIGITS || key.charAt(from) == '0') {
            return 0;
        }
        long number = 0;
        for (int i = from; i < key.length(); i++) {
            int digit = key.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = 10 * number + digit;
        }
        return number;
    }
}
