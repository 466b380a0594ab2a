package io.socketz.server.event;

/** Why a connection ended. Seen in the log, the counters and, where it says so, by the client. */
public enum CloseReason {
    /** The client asked for it with {@code QUIT}. */
    CLIENT_QUIT(true, false),
    /** The client ended its side, and everything before that was answered. */
    CLIENT_CLOSED(true, false),
    /** The connection broke: reset by the client or by something in between. */
    CONNECTION_RESET(true, false),
    /** The server is stopping. */
    SERVER_STOPPING(true, false),
    /** The server is being drained, and it was this client's turn ({@code --agent-port}, {@code --drain-timeout}). */
    SERVER_DRAINING(true, false),
    /** The server has as many connections as it may have ({@code --max-connections}). */
    TOO_MANY_CONNECTIONS(false, true),
    /** The client's address has as many connections as it may have ({@code --max-per-address}). */
    TOO_MANY_FROM_ADDRESS(false, true),
    /** The client sent nothing after it connected ({@code --first-byte-timeout}). */
    FIRST_BYTE_TIMEOUT(false, true),
    /** The client sent nothing for too long ({@code --idle-timeout}). */
    IDLE_TIMEOUT(false, true),
    /** The client did not take its replies ({@code --outbound-timeout}). */
    SLOW_CONSUMER(false, false),
    /** The server held too much for its clients, and this one had taken nothing for longest ({@code --max-outbound}). */
    MEMORY_LIMIT(false, false),
    /** A proxy did not send its header in time ({@code --proxy-timeout}). */
    PROXY_HEADER_TIMEOUT(false, false),
    /** A proxy sent something else than a header. */
    PROXY_HEADER_INVALID(false, false),
    /** A defect of the server. */
    INTERNAL_ERROR(false, false);

    private final boolean ordinary;
    private final boolean told;

    CloseReason(boolean ordinary, boolean told) {
        this.ordinary = ordinary;
        this.told = told;
    }

    /** Whether this happens to well-behaved clients of a healthy server: nothing that an operator needs to see. */
    public boolean isOrdinary() {
        return ordinary;
    }

    /** Whether what the client has not taken is discarded, what the kernel holds of it included. */
    public boolean discardsReplies() {
        return this == SLOW_CONSUMER || this == MEMORY_LIMIT;
    }

    /** Whether the client gets a last line, {@code error REASON text}, before its connection is closed. */
    public boolean isTold() {
        return told;
    }
}
