package io.socketz.server.event;

/** Why a connection ended. The log and the counters show it; {@link #isTold} says whether the client sees it, too. */
public enum CloseReason {
    /** The client asked for it with {@code QUIT}. */
    CLIENT_QUIT(true, false),
    /** The client ended its side, and everything before was answered. */
    CLIENT_CLOSED(true, false),
    /** The connection broke: the client reset it, or something in between did. */
    CONNECTION_RESET(true, false),
    /** The server is stopping. */
    SERVER_STOPPING(true, false),
    /** The server is being drained, and this client's turn had come ({@code --agent-port}, {@code --drain-timeout}). */
    SERVER_DRAINING(true, false),
    /** The server had more than its share of the cluster's clients, and this one was let go ({@code --rebalance}). */
    REBALANCED(true, false),
    /** The server has reached its limit of connections ({@code --max-connections}). */
    TOO_MANY_CONNECTIONS(false, true),
    /** The client's address has reached its limit of connections ({@code --max-per-address}). */
    TOO_MANY_FROM_ADDRESS(false, true),
    /** The client sent nothing after it connected ({@code --first-byte-timeout}). */
    FIRST_BYTE_TIMEOUT(false, true),
    /** The client sent nothing for too long ({@code --idle-timeout}). */
    IDLE_TIMEOUT(false, true),
    /** An administrator has disconnected the client ({@code KICK}). */
    KICKED(false, true),
    /** The program that embeds the server has closed the connection ({@link Connection#close}). */
    CLOSED_BY_SERVER(true, true),
    /** The client has sent {@code AUTH} with a wrong token three times. */
    AUTH_FAILED(false, true),
    /** The client did not take its replies ({@code --outbound-timeout}). */
    SLOW_CONSUMER(false, false),
    /** The client watches, and did not take its events: too many waited for it. */
    SLOW_WATCHER(false, false),
    /** The server held too much memory for its clients, and this one had taken nothing for longest ({@code --max-outbound}). */
    MEMORY_LIMIT(false, false),
    /** A proxy did not send its header in time ({@code --proxy-timeout}). */
    PROXY_HEADER_TIMEOUT(false, false),
    /** A proxy sent something that is not a valid PROXY header. */
    PROXY_HEADER_INVALID(false, false),
    /** The client did not complete the TLS handshake in time ({@code --tls-timeout}). */
    TLS_HANDSHAKE_TIMEOUT(false, false),
    /** The client and the server found no TLS that both accept, or the client has no certificate that the server trusts. */
    TLS_HANDSHAKE_FAILED(false, false),
    /** The client does not speak TLS ({@code --tls-cert}). */
    TLS_REQUIRED(false, true),
    /** A defect of the server. */
    INTERNAL_ERROR(false, false);

    private final boolean ordinary;
    private final boolean told;

    CloseReason(boolean ordinary, boolean told) {
        this.ordinary = ordinary;
        this.told = told;
    }

    /** Whether this happens to well-behaved clients of a healthy server, so that no operator needs to see it. */
    public boolean isOrdinary() {
        return ordinary;
    }

    /** Whether replies that the client has not taken are discarded, including those that the kernel holds. */
    public boolean discardsReplies() {
        return this == SLOW_CONSUMER || this == SLOW_WATCHER || this == MEMORY_LIMIT;
    }

    /** Whether the client gets a last line, {@code error REASON text}, before its connection is closed. */
    public boolean isTold() {
        return told;
    }
}
