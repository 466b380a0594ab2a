package io.socketz.client;

/**
 * Whether a client has a server: {@link SocketzClient#state}.
 *
 * <pre>{@code
 *   CONNECTED ------> RECONNECTING ------> CONNECTED ------> ...
 *              lost                 found
 *
 *   CONNECTED, RECONNECTING -- close, QUIT, lost without reconnect --> CLOSED
 * }</pre>
 */
public enum ClientState {
    /** Requests go to {@link SocketzClient#server}. */
    CONNECTED,
    /** The server is lost, and the client looks for one. Requests wait for it. */
    RECONNECTING,
    /** The client has ended, for good. Requests fail. */
    CLOSED
}
