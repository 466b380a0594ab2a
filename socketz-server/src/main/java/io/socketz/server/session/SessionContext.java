package io.socketz.server.session;

import io.socketz.protocol.address.CidrSet;
import io.socketz.server.command.CommandService;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import io.socketz.state.Registry;

/**
 * What all sessions of a server share.
 *
 * @param proxies source addresses whose connections begin with a PROXY header; no others do
 */
public record SessionContext(
        Limits limits,
        CidrSet proxies,
        Registry registry,
        CommandService commands,
        Admission admission,
        HeldMemory memory,
        Counters counters,
        ServerListener listener) {
    /**
     * How long a connection that is not known to be a client may stay as it is while the server has no room for more
     * sockets. It takes no place, but those who connect next wait for its socket, and health checks are among them.
     */
    static final long SHORT_TIMEOUT_NANOS = 250_000_000;

    /**
     * How long whoever is at the other end may leave things as they are, in nanoseconds; 0 for as long as they like.
     *
     * @param hasPlace whether it is a client that was admitted
     * @param backlogged whether replies wait for it
     * @param awaitingAnswer whether it waits for an answer
     */
    long timeout(Phase phase, boolean hasPlace, boolean backlogged, boolean awaitingAnswer) {
        long timeout = limits.timeout(phase, backlogged, awaitingAnswer);
        boolean mayStay = hasPlace || backlogged || awaitingAnswer || phase == Phase.FINISHING;
        if (mayStay || admission.hasRoom()) {
            return timeout;
        }
        return timeout == 0 ? SHORT_TIMEOUT_NANOS : Math.min(timeout, SHORT_TIMEOUT_NANOS);
    }

    /** A connection has ended, or was refused. */
    void onClosed(String client, CloseReason reason, String detail) {
        admission.onClosed();
        counters.onClosed(reason);
        listener.onClosed(client, reason, detail);
    }
}
