package io.socketz.server;

/**
 * What a connection may cost. Times are in nanoseconds, and 0 means no limit.
 *
 * @param maxLineLength bytes of a request
 */
record Limits(int maxLineLength, long firstByteTimeout, long idleTimeout, long outboundTimeout, long proxyTimeout) {}
