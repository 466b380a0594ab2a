package io.socketz.client.bench;

/** Not all connections could be made; the message is one line for the user. */
final class NoConnectionException extends Exception {
    private static final long serialVersionUID = 1;

    NoConnectionException(String message) {
        super(message);
    }
}
