package io.socketz.server;

import io.socketz.protocol.address.CidrSet;
import io.socketz.server.command.CommandService;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import io.socketz.state.Registry;

/**
 * What all connections of a server share.
 *
 * @param proxies source addresses whose connections begin with a PROXY header, and no others do
 */
record ServerContext(
        Limits limits,
        CidrSet proxies,
        Registry registry,
        CommandService commands,
        Admission admission,
        HeldMemory memory,
        Counters counters,
        ServerListener listener) {

    /** A connection has ended, or was refused. */
    void onClosed(String client, CloseReason reason, String detail) {
        admission.onClosed();
        counters.onClosed(reason);
        listener.onClosed(client, reason, detail);
    }
}
