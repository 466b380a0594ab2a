package io.socketz.server.event;

/**
 * Hears of the connections of a server's clients, each from its greeting to its end. Health checks, and clients that are
 * refused or gone before they are greeted, are not among them.
 *
 * <p>Both methods are called on the connection's event loop: they must not block. For one connection they are called in this
 * order, once each; for different connections, perhaps at the same time. What they throw becomes a warning of {@link
 * ServerListener}.
 */
public interface ConnectionListener {
    /** Hears nothing. */
    ConnectionListener NONE = new ConnectionListener() {};

    /**
     * A client has been greeted: from now on, it can be sent lines. None of its requests has been answered yet; a line that is
     * sent here may follow the replies to requests that have already arrived.
     */
    default void onOpened(Connection connection) {}

    /**
     * A connection that was opened has ended.
     *
     * @param detail more about the reason, or the empty string
     */
    default void onClosed(Connection connection, CloseReason reason, String detail) {}
}
