package io.socketz.protocol.name;

/**
 * A pattern of names: {@code *} stands for any number of characters, {@code ?} for exactly one, and any other character
 * for itself. Upper and lower case differ. It has the form of a name. Immutable.
 */
public final class Glob {
    private static final int NONE = -1;

    private final String pattern;

    private Glob(String pattern) {
        this.pattern = pattern;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it does not have the form of a name: {@link ClientName#FORM}
     */
    public static Glob parse(String pattern) {
        if (!ClientName.isName(pattern)) {
            throw new IllegalArgumentException("a pattern of names has " + ClientName.FORM);
        }
        return new Glob(pattern);
    }

    /**
     * Whether the pattern stands for the whole {@code text}. Takes at most as many steps as pattern and text have characters,
     * multiplied: after a mismatch, only the last {@code *} takes one more character, never an earlier one.
     */
    public boolean matches(String text) {
        int at = 0; // in the pattern
        int star = NONE; // the last one passed
        int taken = 0; // the end of what it stands for
        int i = 0;
        while (i < text.length()) {
            char next = at < pattern.length() ? pattern.charAt(at) : '\0';
            if (next == '*') {
                star = at++;
                taken = i;
            } else if (at < pattern.length() && (next == '?' || next == text.charAt(i))) {
                at++;
                i++;
            } else if (star != NONE) {
                at = star + 1;
                i = ++taken;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }

    /** The pattern, as it was written. */
    @Override
    public String toString() {
        return pattern;
    }
}
