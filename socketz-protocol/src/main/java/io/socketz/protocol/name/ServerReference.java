package io.socketz.protocol.name;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * How a request names a server: by its id, by the first eight characters of its id, or by its name. Servers may share a
 * name, and eight characters may be those of two servers, so several may be meant.
 *
 * @param text as it was written; not empty
 */
public record ServerReference(String text) {
    static final int BRIEF_LENGTH = 8;

    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(?:(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?");

    /** Whether {@code text} is an id, or its first eight characters. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Whether this is a whole id, which only one server has. */
    public boolean isWholeId() {
        return isId(text) && text.length() > BRIEF_LENGTH;
    }

    /** Whether the server with this id is meant, whatever its name. */
    public boolean matches(UUID id) {
        return isId(text) && id.toString().startsWith(text.toLowerCase(Locale.ROOT));
    }

    /** Whether the server with this id and name is meant. */
    public boolean matches(UUID id, String name) {
        return text.equals(name) || matches(id);
    }

    @Override
    public String toString() {
        return text;
    }
}
