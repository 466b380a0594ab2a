package io.socketz.server.event;

import io.socketz.state.Client;
import io.socketz.state.Member;

/**
 * Hears what happens on a server. Event loops call it, perhaps several at the same time; {@link #onWarning} is also called by
 * other threads, such as the one that renews the server's lease in etcd. So an implementation must return at once, and must
 * not block. What it throws is passed to {@link #onWarning}, and otherwise ignored.
 */
public interface ServerListener {
    /** Hears nothing. */
    ServerListener NONE = new ServerListener() {};

    /** The server is about to serve, as {@code self}. Nothing is called before, except {@link #onWarning}. */
    default void onStarting(Member self) {}

    /**
     * A client has connected, and has joined the roster. Calls {@link #onConnected(String)}, unless it is overridden.
     *
     * @param client its entry
     */
    default void onConnected(Client client) {
        onConnected(client.address());
    }

    /**
     * A client has connected, and has joined the roster.
     *
     * @param client its {@code address:port}; that in the PROXY header, if there is one
     */
    default void onConnected(String client) {}

    /** Replies to {@code client}, or parts of them, were sent. */
    default void onReplied(String client) {}

    /**
     * A connection has ended: of a client on the roster, of one that was refused, or of a health check. Calls {@link
     * #onClosed(String, CloseReason, String)}, unless it is overridden.
     */
    default void onClosed(EndedConnection ended) {
        onClosed(ended.address(), ended.reason(), ended.detail());
    }

    /**
     * A connection has ended: of a client on the roster, of one that was refused, or of a health check.
     *
     * @param detail more about the reason, or the empty string
     */
    default void onClosed(String client, CloseReason reason, String detail) {}

    /**
     * The server begins to let clients go since it has more than its share, or has ended that.
     *
     * @param message one line
     */
    default void onRebalancing(String message) {}

    /** An operator should know this. One line. */
    default void onWarning(String message) {}

    /** The server cannot continue: one of its loops has ended. Close it, and start a new one. */
    default void onFailure(String message) {}
}
