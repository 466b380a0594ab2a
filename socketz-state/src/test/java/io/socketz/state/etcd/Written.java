package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.etcd.transport.KeyValue;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys and values as {@code docs/state.md} specifies them, without the code under test. It accepts only what is
 * written exactly like that; what a scenario writes by hand is either that or clearly nonsense.
 */
final class Written {
    private static final String UUID_PATTERN = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
    private static final Pattern MEMBER_KEY = Pattern.compile(".*/v1/members/" + UUID_PATTERN);
    private static final Pattern CLIENT_KEY = Pattern.compile(".*/v1/clients/" + UUID_PATTERN + "/([1-9][0-9]{0,17})");
    private static final Pattern CLOSED_KEY = Pattern.compile(".*/v1/closed/" + UUID_PATTERN);
    private static final Pattern MEMBER =
            Pattern.compile("\\{\"name\":\"[^\"]+\",\"addr\":\"[^\"]+\",\"since\":\"[^\"]+\"}");
    private static final Pattern CLIENT = Pattern.compile(
            "\\{(?:\"name\":\"([^\"]+)\",)?\"addr\":\"([^\"]+)\",(?:\"via\":\"([^\"]+)\",)?\"since\":\"([^\"]+)\"}");

    /**
     * What a key is for.
     *
     * @param number of the client; {@link #MEMBER}, {@link #CLOSED}
     */
    record Key(UUID server, long number) {
        /** Instead of a number: the server's member key. */
        static final long MEMBER = 0;

        /** Instead of a number: the key where the server says why clients left. */
        static final long CLOSED = -1;
    }

    /** Keys that were read before. */
    private final Map<String, Key> keys = new HashMap<>();

    /** Values that were read before, by identity. */
    private final IdentityHashMap<KeyValue, Client> clients = new IdentityHashMap<>();

    /** Null for a key that is not of this service. */
    @Nullable
    Key key(String key) {
        Key known = keys.get(key);
        if (known == null) {
            known = read(key);
            if (known != null) {
                keys.put(key, known);
            }
        }
        return known;
    }

    private static @Nullable Key read(String key) {
        Matcher client = CLIENT_KEY.matcher(key);
        if (client.matches()) {
            return new Key(UUID.fromString(client.group(1)), Long.parseLong(client.group(2)));
        }
        Matcher member = MEMBER_KEY.matcher(key);
        if (member.matches()) {
            return new Key(UUID.fromString(member.group(1)), Key.MEMBER);
        }
        Matcher closed = CLOSED_KEY.matcher(key);
        return closed.matches() ? new Key(UUID.fromString(closed.group(1)), Key.CLOSED) : null;
    }

    boolean isMember(KeyValue entry) {
        return MEMBER.matcher(text(entry)).matches();
    }

    /** Null for a value that is not a client. */
    @Nullable
    Client client(Key key, KeyValue entry) {
        Client known = clients.get(entry);
        if (known == null) {
            Matcher value = CLIENT.matcher(text(entry));
            if (!value.matches()) {
                return null;
            }
            long since = Instant.parse(value.group(4)).toEpochMilli();
            known = new Client(key.server, key.number, value.group(2), value.group(3), since, value.group(1));
            clients.put(entry, known);
        }
        return known;
    }

    private static String text(KeyValue entry) {
        return new String(entry.value(), StandardCharsets.UTF_8);
    }
}
