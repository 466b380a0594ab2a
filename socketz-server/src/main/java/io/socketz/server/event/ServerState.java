package io.socketz.server.event;

/**
 * Whether a server should get clients. It serves those it gets in each of its states.
 *
 * <pre>{@code
 *   STARTING --the roster of the cluster is known, or has not become known in 5 s--> READY
 *   STARTING, READY --the server is closed--> DRAINING
 * }</pre>
 */
public enum ServerState {
    /** It does not know the cluster yet: it would tell clients of its own clients alone. */
    STARTING,

    /** It should get clients, even if the store is away. */
    READY,

    /** It is about to end, or has ended. */
    DRAINING
}
