package io.socketz.server.admin;

/** A request cannot be answered; the message says what was expected. */
final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1;

    BadRequestException(String expected) {
        super(expected, null, false, false);
    }
}
