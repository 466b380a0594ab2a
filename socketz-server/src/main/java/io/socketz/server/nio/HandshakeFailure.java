package io.socketz.server.nio;

/** How a TLS handshake has failed. */
public enum HandshakeFailure {
    /** The client has ended its side. */
    ENDED,

    /** What the client sent is no TLS. What is sent to it now is not secured. */
    NO_TLS,

    /** One of the two has refused. */
    REFUSED,

    /** The connection is broken. */
    BROKEN
}
