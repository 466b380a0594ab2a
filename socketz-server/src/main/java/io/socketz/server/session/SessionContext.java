package io.socketz.server.session;

import io.socketz.protocol.address.CidrSet;
import io.socketz.server.command.CommandService;
import io.socketz.server.event.ConnectionListener;
import io.socketz.server.event.EndedConnection;
import io.socketz.server.event.ServerListener;
import io.socketz.server.nio.TlsSettings;
import io.socketz.server.watch.WatchHub;
import io.socketz.state.Registry;
import org.jspecify.annotations.Nullable;

/**
 * What all sessions of a server share.
 *
 * @param proxies source addresses whose connections begin with a PROXY header; no others do
 * @param tls how connections are secured; null if they are not
 */
public record SessionContext(
        Limits limits,
        CidrSet proxies,
        @Nullable TlsSettings tls,
        Registry registry,
        CommandService commands,
        WatchHub watches,
        Sessions sessions,
        Admission admission,
        HeldMemory memory,
        Counters counters,
        ServerListener listener,
        ConnectionListener connections) {
    /** A connection has ended, or was refused. */
    void onClosed(EndedConnection ended) {
        admission.onClosed();
        counters.onClosed(ended.reason(), ended.open().toNanos());
        listener.onClosed(ended);
    }
}
