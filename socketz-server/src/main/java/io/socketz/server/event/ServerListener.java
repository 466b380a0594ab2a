package io.socketz.server.event;

/**
 * Hears what happens on a server. Several event loops may call it at the same time: an implementation must return at once,
 * and must not block. What it throws is passed to {@link #onWarning}, and otherwise ignored.
 */
public interface ServerListener {
    /** Hears nothing. */
    ServerListener NONE = new ServerListener() {};

    /**
     * A client has connected, and has joined the roster.
     *
     * @param client its {@code address:port}; that in the PROXY header, if there is one
     */
    default void onConnected(String client) {}

    /** Replies to {@code client}, or parts of them, were sent. */
    default void onReplied(String client) {}

    /**
     * A connection has ended: of a client on the roster, of one that was refused, or of a health check.
     *
     * @param detail more about the reason, or the empty string
     */
    default void onClosed(String client, CloseReason reason, String detail) {}

    /** An operator should know this. One line. */
    default void onWarning(String message) {}

    /** The server cannot continue: one of its loops has ended. Close it, and start a new one. */
    default void onFailure(String message) {}
}
