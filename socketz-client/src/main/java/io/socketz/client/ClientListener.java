package io.socketz.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Is told how a client fares, on the client's own thread and in order. It must not block: no request is answered, and none
 * times out, until it returns. What it throws is told to {@link #onWarning} and does no harm.
 */
public interface ClientListener {
    /** Listens to nothing. */
    ClientListener NONE = new ClientListener() {};

    /**
     * A server is there, and requests go to it from now on.
     *
     * @param before the one before it; empty at the first connection. The same server may come again
     */
    default void onConnected(Server now, Optional<Server> before) {}

    /**
     * The connection has ended, by itself or by {@link SocketzClient#close}. Requests that were sent and not answered fail
     * after this.
     *
     * @param why {@link SocketzException.Reason#CONNECTION_LOST}, {@link SocketzException.Reason#MALFORMED_REPLY} or
     *     {@link SocketzException.Reason#CLOSED}
     */
    default void onDisconnected(Server server, SocketzException why) {}

    /**
     * An address did not lead to a server.
     *
     * @param nextIn how long until an address is tried again, zero if the next one is tried at once; empty if none is
     */
    default void onAttemptFailed(Attempt attempt, Optional<Duration> nextIn) {}

    /** Something is wrong with the program around the client, as a listener that throws: one line for people. */
    default void onWarning(String message) {}
}
