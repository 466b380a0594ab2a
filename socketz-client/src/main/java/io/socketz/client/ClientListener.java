package io.socketz.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Hears what happens to a client, in order, on the client's own thread. It must not block: until it returns, no request
 * is answered and none times out. What it throws is reported to {@link #onWarning} and does no harm.
 */
public interface ClientListener {
    /** Ignores everything. */
    ClientListener NONE = new ClientListener() {};

    /**
     * The client is connected, and sends requests to this server from now on.
     *
     * @param before the previous server; empty at the first connection. It may be the same server again
     */
    default void onConnected(Server now, Optional<Server> before) {}

    /**
     * The connection has ended, by itself or by {@link SocketzClient#close}. Requests that were sent and not answered
     * fail after this call.
     *
     * @param why {@link SocketzException.Reason#CONNECTION_LOST}, {@link SocketzException.Reason#MALFORMED_REPLY} or
     *     {@link SocketzException.Reason#CLOSED}
     */
    default void onDisconnected(Server server, SocketzException why) {}

    /**
     * An address did not lead to a server.
     *
     * @param nextIn time until the next attempt; zero if it follows at once, empty if there will be none
     */
    default void onAttemptFailed(Attempt attempt, Optional<Duration> nextIn) {}

    /**
     * This server refuses the token of {@link SocketzClient#authorize}, which an earlier server accepted, and which the client
     * has sent again by itself. Requests of administrators fail here. The client sends the token to the next server, too.
     *
     * @param why {@link SocketzException.Reason#SERVER_ERROR}, with the code {@code WRONG_TOKEN} or {@code NOT_CONFIGURED}, or
     *     {@link SocketzException.Reason#INVALID_COMMAND}
     */
    default void onNotAuthorized(Server server, SocketzException why) {}

    /**
     * The program that embeds the server says something: {@code event 0 message hello} is the text {@code hello}. Messages may
     * come at any time from {@link #onConnected} to {@link #onDisconnected}, also before a request is answered, and in the
     * order in which they were sent. Those that are sent while there is no connection are lost.
     *
     * @param text perhaps empty; without control characters
     */
    default void onMessage(Server from, String text) {}

    /**
     * Something is wrong with the program that uses the client, such as a listener that throws. One line for people.
     */
    default void onWarning(String message) {}
}
