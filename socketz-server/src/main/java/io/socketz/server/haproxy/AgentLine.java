package io.socketz.server.haproxy;

import java.nio.charset.StandardCharsets;

/**
 * What the agent port says, in words that HAProxy knows (HAProxy 2.6 Configuration Manual, section 5.2, "agent-check").
 *
 * <p>It says neither {@code drain} nor {@code ready}: HAProxy treats these as an operator's own, so the second would also
 * undo what an operator has done. A weight of 0 has the same effect as {@code drain}, and the next weight undoes it.
 */
final class AgentLine {
    private static final byte[] STARTING = "up 0% #starting\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DRAINING = "up 0% #draining\n".getBytes(StandardCharsets.US_ASCII);

    private AgentLine() {}

    /**
     * Of a server that takes clients.
     *
     * @param share of the clients that it could take: 100, or less while it has more of them than other servers have
     */
    static byte[] serving(int clients, int maxClients, int share) {
        int weight = Math.max(1, weight(clients, maxClients) * share / 100);
        String why = share < 100 ? " #rebalancing" : "";
        return ("up " + weight + "%" + why + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Of a server that does not know the cluster yet: it gets no clients. */
    static byte[] starting() {
        return STARTING.clone();
    }

    /** Of a server that is about to end: it gets no clients, and keeps those it has. */
    static byte[] draining() {
        return DRAINING.clone();
    }

    /**
     * The share of the configured weight that a server should get, in percent: its free places. Rounded up, since each
     * change moves the server in HAProxy's rotation, and a few clients should not change it. Never 0, which would be a drain.
     */
    static int weight(int clients, int maxClients) {
        long free = Math.max(0, (long) maxClients - clients);
        return (int) Math.max(1, (100 * free + maxClients - 1) / maxClients);
    }
}
