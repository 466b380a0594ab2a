package io.socketz.client.repl;

/** Colours by their meaning (ECMA-48, SGR); none if not wanted. */
final class Inks {
    private final boolean coloured;

    Inks(boolean coloured) {
        this.coloured = coloured;
    }

    String error(String text) {
        return ink("31", text);
    }

    /** An event that nobody asked for. */
    String event(String text) {
        return ink("33", text);
    }

    /** The person at the keyboard. */
    String own(String text) {
        return ink("32", text);
    }

    String id(String text) {
        return ink("36", text);
    }

    /** Less important. */
    String aside(String text) {
        return ink("2", text);
    }

    private String ink(String code, String text) {
        return coloured && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
