package io.socketz.client.repl;

/** A local command was used wrongly; the message says how, in one line. */
final class WrongUseException extends Exception {
    private static final long serialVersionUID = 1;

    WrongUseException(String message) {
        super(message);
    }
}
