package io.socketz.protocol.name;

/** The name that a client gives itself: what it claims to be, not who it is. */
public final class ClientName {
    /** Longest name, in characters, each of which is a byte. */
    public static final int MAX_LENGTH = 64;

    /** What a name is, in the words of an error message. */
    public static final String FORM = "1 to 64 printable characters of ASCII without blanks, quotes or =";

    private ClientName() {}

    /** Whether {@code text} is a name: see {@link #FORM}. */
    public static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= MAX_LENGTH && text.chars().allMatch(ClientName::isNameCharacter);
    }

    private static boolean isNameCharacter(int c) {
        return c > ' ' && c <= '~' && c != '\'' && c != '"' && c != '=';
    }
}
