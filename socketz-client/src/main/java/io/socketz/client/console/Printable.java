package io.socketz.client.console;

/** Text from elsewhere, made safe for a terminal: nothing in it moves the cursor, sets a title or reverses text. */
public final class Printable {
    private Printable() {}

    /** The same text, with a '?' for each character that a terminal does not show as it is. */
    public static String of(String text) {
        int[] shown = text.codePoints().map(c -> isShown(c) ? c : '?').toArray();
        return new String(shown, 0, shown.length);
    }

    /** The same text, with a '?' for each character that is not printable US-ASCII. */
    public static String ascii(String text) {
        int[] shown = text.codePoints().map(c -> c >= ' ' && c <= '~' ? c : '?').toArray();
        return new String(shown, 0, shown.length);
    }

    private static boolean isShown(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
