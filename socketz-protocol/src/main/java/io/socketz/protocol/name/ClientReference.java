package io.socketz.protocol.name;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * How a request names a client: by its id, or with the first eight characters of the server's id, {@code 08483048/17}.
 * Those may be the characters of two servers: then two clients may be meant.
 *
 * @param server the server's id, or its first eight characters
 * @param number of the client on that server, 1 or more
 */
public record ClientReference(ServerReference server, long number) {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,18}");

    /**
     * Reads an id, or a brief one.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static ClientReference parse(String text) {
        int slash = text.indexOf('/');
        String server = slash < 0 ? "" : text.substring(0, slash);
        String number = text.substring(slash + 1);
        if (!ServerReference.isId(server) || !NUMBER.matcher(number).matches()) {
            throw new IllegalArgumentException("not the id of a client");
        }
        return new ClientReference(new ServerReference(server), Long.parseLong(number));
    }

    /** Whether the client with this id is meant. */
    public boolean matches(UUID serverId, long clientNumber) {
        return number == clientNumber && server.matches(serverId);
    }

    @Override
    public String toString() {
        return server + "/" + number;
    }
}
