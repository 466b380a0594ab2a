package io.socketz.state;

/**
 * A client that has left.
 *
 * @param client as it was then
 * @param reason why, in a word: what its server said, or {@link #SERVER_LOST}, {@link #SERVER_STOPPING} or {@link #UNKNOWN}
 * @param at when, in milliseconds since 1970-01-01T00:00:00Z: by the clock of its server; if that said nothing, by the clock
 *     of the server that noticed it
 * @param revision of the store at which it was seen; 0 for this server's own clients, which are known before the store is
 */
public record Departure(Client client, String reason, long at, long revision) {
    /** Its server has vanished, and all its clients with it. */
    public static final String SERVER_LOST = "SERVER_LOST";

    /** Its server has stopped in order, and the client was still connected. */
    public static final String SERVER_STOPPING = "SERVER_STOPPING";

    /** Nobody has said why, or it was not heard: for example, it happened while this server could not reach the store. */
    public static final String UNKNOWN = "UNKNOWN";

    /** The longest reason, in characters. */
    public static final int MAX_REASON_LENGTH = 64;

    /** @throws IllegalArgumentException if {@code reason} is not allowed */
    public Departure {
        if (!isReason(reason)) {
            throw new IllegalArgumentException("no reason");
        }
    }

    /** Whether this can be a reason: 1 to 64 of the characters {@code A} to {@code Z}, {@code 0} to {@code 9} and {@code _}. */
    public static boolean isReason(String reason) {
        return !reason.isEmpty()
                && reason.length() <= MAX_REASON_LENGTH
                && reason.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
    }
}
