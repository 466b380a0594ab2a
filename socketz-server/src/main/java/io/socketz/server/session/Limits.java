package io.socketz.server.session;

/**
 * What a connection may cost. Timeouts are in nanoseconds, and 0 means no limit.
 *
 * @param maxLineLength bytes of a request
 * @param firstByteTimeout for a client's first byte
 * @param idleTimeout for more from a client that has sent something
 * @param outboundTimeout for a client to take 64 KiB of the replies that wait for it, or all there are
 * @param proxyTimeout for a PROXY header
 */
public record Limits(
        int maxLineLength, long firstByteTimeout, long idleTimeout, long outboundTimeout, long proxyTimeout) {
    /** How long a session whose output is shut down waits for the client to end its side. */
    public static final long LINGER_NANOS = 1_000_000_000;

    /**
     * How long a client may leave things as they are, in nanoseconds; 0 for as long as it likes.
     *
     * @param backlogged whether replies wait for the client
     * @param awaitingAnswer whether the client waits for an answer
     */
    long timeout(Phase phase, boolean backlogged, boolean awaitingAnswer) {
        return switch (phase) {
            case AWAITING_HEADER -> proxyTimeout;
            case AWAITING_FIRST_BYTE -> backlogged ? outboundTimeout : firstByteTimeout;
            case OPEN -> backlogged ? outboundTimeout : awaitingAnswer ? 0 : idleTimeout;
            case FINISHING -> outboundTimeout;
            case LINGERING -> LINGER_NANOS;
            case CLOSING, CLOSED -> 0;
        };
    }
}
