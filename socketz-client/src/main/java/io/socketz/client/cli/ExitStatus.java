package io.socketz.client.cli;

/** The exit statuses of {@code connect}, beside 2 for wrong use. */
final class ExitStatus {
    static final int OK = 0;
    /** The server answered a command with an error. */
    static final int SERVER_ERROR = 1;
    /** There was no connection, it was lost, or no reply came in time. */
    static final int NO_CONNECTION = 3;

    /** Ended by Ctrl-C, as shells number it. */
    static final int INTERRUPTED = 130;

    private ExitStatus() {}
}
