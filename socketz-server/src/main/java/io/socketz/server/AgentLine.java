package io.socketz.server;

import java.nio.charset.StandardCharsets;

/** What the agent port says: words that HAProxy knows (HAProxy 2.6 Configuration Manual, section 5.2, "agent-check"). */
final class AgentLine {
    private static final byte[] DRAIN = "drain\n".getBytes(StandardCharsets.US_ASCII);

    private AgentLine() {}

    /** Of a server that goes on. {@code ready} takes back the {@code drain} that one before it may have said, {@code up} a {@code down}. */
    static byte[] serving(int connections, int maxConnections) {
        return ("up ready " + weight(connections, maxConnections) + "%\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Of a server that is going to end, or does not know the cluster yet: it gets no connections, and keeps those it has. */
    static byte[] draining() {
        return DRAIN.clone();
    }

    /**
     * The share of the configured weight that a server should get, in percent: what is left of the connections it may
     * have, rounded up: a change moves the server in HAProxy's round, and with few clients there should be none. Never 0,
     * which means {@code drain} to HAProxy.
     */
    static int weight(int connections, int maxConnections) {
        long free = Math.max(0, (long) maxConnections - connections);
        return (int) Math.max(1, (100 * free + maxConnections - 1) / maxConnections);
    }
}
