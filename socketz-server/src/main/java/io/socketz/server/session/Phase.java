package io.socketz.server.session;

/** Where a {@link Session} is in its life; {@link Lifecycle} draws the transitions. */
enum Phase {
    /** A proxy has connected, and its PROXY header has not come yet. */
    AWAITING_HEADER,

    /** TLS is due, and its handshake is not done. */
    AWAITING_HANDSHAKE,

    /**
     * The client has joined, and has sent nothing yet. It is greeted as soon as it is announced: see {@link
     * io.socketz.state.Registry#join(String, String, Runnable)}. Nothing is read before that.
     */
    AWAITING_FIRST_BYTE,

    /**
     * Input is decoded as long as replies can be given. Decoding pauses while an answer is awaited (that to {@code WHO}
     * comes from the state thread, that to {@code WHO FRESH} may take 500 ms), and while the kernel does not take what was
     * answered: then nothing is read either, and TCP holds the client back.
     */
    OPEN,

    /** No more requests are read; the client still takes replies. */
    FINISHING,

    /**
     * Output is shut down; the client has not ended its side. Closing a socket that has unread input resets the connection,
     * and the client would lose replies that it has not read yet (RFC 1122, section 4.2.2.13).
     */
    LINGERING,

    /** Something has ended the session: it is closed where this event ends. */
    CLOSING,

    /** The channel is closed. */
    CLOSED;

    /** Whether requests are answered. */
    boolean isServing() {
        return this == OPEN || this == AWAITING_FIRST_BYTE;
    }

    /** Whether input has a meaning: a header, or requests. */
    boolean isReceiving() {
        return isServing() || this == AWAITING_HEADER;
    }
}
