package io.socketz.server.session;

/**
 * What a connection may cost. 0 nanoseconds mean no limit.
 *
 * @param maxLineLength longest request, in bytes
 * @param firstByteTimeoutNanos for a client's first byte, from its greeting on
 * @param idleTimeoutNanos for more from a client that has sent something
 * @param outboundTimeoutNanos for a client to take 64 KiB of the replies that wait for it, or all there are
 * @param proxyTimeoutNanos for a PROXY header
 * @param tlsTimeoutNanos for a TLS handshake
 */
public record Limits(
        int maxLineLength,
        long firstByteTimeoutNanos,
        long idleTimeoutNanos,
        long outboundTimeoutNanos,
        long proxyTimeoutNanos,
        long tlsTimeoutNanos) {
    /** How long a session whose output is shut down waits for the client to end its side. */
    public static final long LINGER_NANOS = 1_000_000_000;

    /**
     * How long a client may leave things as they are, in nanoseconds; 0 for as long as it likes.
     *
     * @param backlogged whether replies wait for the client
     * @param awaitingAnswer whether the client waits for an answer, or for its greeting
     */
    long timeoutNanos(Phase phase, boolean backlogged, boolean awaitingAnswer) {
        return switch (phase) {
            case AWAITING_HEADER -> proxyTimeoutNanos;
            case AWAITING_HANDSHAKE -> tlsTimeoutNanos;
            case AWAITING_FIRST_BYTE -> backlogged ? outboundTimeoutNanos : awaitingAnswer ? 0 : firstByteTimeoutNanos;
            case OPEN -> backlogged ? outboundTimeoutNanos : awaitingAnswer ? 0 : idleTimeoutNanos;
            case FINISHING -> outboundTimeoutNanos;
            case LINGERING -> LINGER_NANOS;
            case CLOSING, CLOSED -> 0;
        };
    }
}
