package io.socketz.state.etcd.transport;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** etcd's error texts, from its {@code rpctypes/error.go}: the same over gRPC and over its gateway. */
public final class EtcdTexts {
    public static final String LEASE_NOT_FOUND = "requested lease not found";
    public static final String COMPACTED = "required revision has been compacted";
    public static final String OLD_TOKEN = "invalid auth token";
    public static final String OLD_USERS = "revision of auth store is old";
    public static final String FORBIDDEN = "permission denied";
    public static final String WRONG_PASSWORD = "invalid user ID or password";
    public static final String NO_USER = "user name is empty";
    public static final String AUTHENTICATION_OFF = "authentication is not enabled";

    /** The kind for each text, whole or in part; the first that matches counts. */
    private static final List<Map.Entry<String, Kind>> KINDS = List.of(
            Map.entry(LEASE_NOT_FOUND, Kind.LEASE_NOT_FOUND),
            Map.entry(COMPACTED, Kind.COMPACTED),
            // The token is new: this member of etcd must catch up.
            Map.entry(OLD_TOKEN, Kind.UNAVAILABLE),
            Map.entry(OLD_USERS, Kind.UNAVAILABLE),
            Map.entry("too many requests", Kind.UNAVAILABLE),
            Map.entry(FORBIDDEN, Kind.BAD_CREDENTIALS),
            Map.entry(WRONG_PASSWORD, Kind.BAD_CREDENTIALS),
            Map.entry(NO_USER, Kind.BAD_CREDENTIALS),
            Map.entry("user name not found", Kind.BAD_CREDENTIALS),
            Map.entry(AUTHENTICATION_OFF, Kind.BAD_CREDENTIALS));

    private EtcdTexts() {}

    /** The kind of failure that {@code words} report; null if only the status code tells. */
    public static @Nullable Kind kind(String words) {
        for (Map.Entry<String, Kind> entry : KINDS) {
            if (words.contains(entry.getKey())) {
                return entry.getValue();
            }
        }
        return null;
    }

    /** The part of {@code words} that matters: without {@code rpc error: code = Unknown desc = etcdserver: mvcc: }. */
    public static String brief(String words) {
        return words.replaceFirst("^(rpc error: code = \\w+ desc = )?(etcdserver: )?(mvcc: )?", "");
    }
}
