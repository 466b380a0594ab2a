package io.socketz.server.event;

/**
 * Is told what happens on a server. Called on the event loops, on several at the same time: an implementation returns at
 * once, and does not block. What it throws is told to {@link #onWarning} and otherwise ignored.
 */
public interface ServerListener {
    /** Hears nothing. */
    ServerListener NONE = new ServerListener() {};

    /**
     * A client has connected, and is on the roster.
     *
     * @param client its {@code address:port}, that of the PROXY header where there is one
     */
    default void onConnected(String client) {}

    /** Something was sent to {@code client}: replies to what one read brought, or a part of them. */
    default void onReplied(String client) {}

    /**
     * A connection has ended, be it of a client on the roster or of one that was refused.
     *
     * @param detail more about the reason, or the empty string
     */
    default void onClosed(String client, CloseReason reason, String detail) {}

    /** Something that an operator should know, in one line. */
    default void onWarning(String message) {}

    /** The server can not go on: one of its loops has ended. It should be closed, and started anew. */
    default void onFailure(String message) {}
}
