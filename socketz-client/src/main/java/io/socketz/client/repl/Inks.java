package io.socketz.client.repl;

/** Colours, by what they stand for (ECMA-48, SGR); none where they are not wanted. */
final class Inks {
    private final boolean coloured;

    Inks(boolean coloured) {
        this.coloured = coloured;
    }

    String error(String text) {
        return ink("31", text);
    }

    /** What happened, without having been asked for. */
    String event(String text) {
        return ink("33", text);
    }

    /** What is about the person at the keyboard. */
    String own(String text) {
        return ink("32", text);
    }

    String id(String text) {
        return ink("36", text);
    }

    /** What may be overlooked. */
    String aside(String text) {
        return ink("2", text);
    }

    private String ink(String code, String text) {
        return coloured && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
