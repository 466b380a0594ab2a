package io.socketz.protocol.address;

/** A user's text as a message of one line can show it. */
final class Quoted {
    private Quoted() {}

    /** The text between single quotes, with a '?' for every character that is not printable ASCII. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('\'');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return out.append('\'').toString();
    }
}
