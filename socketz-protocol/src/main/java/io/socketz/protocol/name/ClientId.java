package io.socketz.protocol.name;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The id of a client, never used twice: {@code 08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/17}.
 *
 * @param server id of the server that the client is connected to
 * @param number of the client on that server, 1 or more
 */
public record ClientId(UUID server, long number) {
    /** The form that {@link UUID#toString} writes. {@link UUID#fromString} also reads others, such as {@code 1-1-1-1-1}. */
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/[1-9][0-9]{0,18}");

    private static final int SERVER_LENGTH = 36;

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ClientId {
        if (number < 1) {
            throw new IllegalArgumentException("a client's number is 1 or more");
        }
    }

    /**
     * Reads an id as {@link #toString} writes it.
     *
     * @throws IllegalArgumentException if the text is not an id
     */
    public static ClientId parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("not the id of a client");
        }
        return new ClientId(
                UUID.fromString(text.substring(0, SERVER_LENGTH)), Long.parseLong(text.substring(SERVER_LENGTH + 1)));
    }

    /** With the first eight characters of the server's id, as people see and type it: {@code 08483048/17}. */
    public String brief() {
        return server.toString().substring(0, ServerReference.BRIEF_LENGTH) + "/" + number;
    }

    @Override
    public String toString() {
        return server + "/" + number;
    }
}
