package io.socketz.server;

/**
 * What a connection may cost. Times are in nanoseconds, and 0 means no limit.
 *
 * @param maxLineLength bytes of a request
 * @param maxConnections of the server
 * @param maxPerAddress connections of one address, 0 for no limit
 */
record Limits(
        int maxLineLength,
        int maxConnections,
        int maxPerAddress,
        long firstByteTimeout,
        long idleTimeout,
        long outboundTimeout,
        long proxyTimeout) {}
