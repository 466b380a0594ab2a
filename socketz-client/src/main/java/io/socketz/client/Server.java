package io.socketz.client;

import io.socketz.protocol.address.HostPort;
import java.net.InetSocketAddress;
import java.util.UUID;

/**
 * A server that a client is or was connected to. Of two connections to the same server, only {@link #id} is sure to be
 * equal.
 *
 * @param asked the address as the client was given it; it may be that of a balancer in front of many servers
 * @param address what was connected to
 * @param local this end of the connection; {@code WHO} shows it unless something on the way translates addresses
 * @param id the server's id, new each time it starts; asked for at the start of the connection
 */
public record Server(HostPort asked, InetSocketAddress address, InetSocketAddress local, UUID id) {
    /** The first eight characters of the id: what a server without a name is called. */
    public String shortId() {
        return id.toString().substring(0, 8);
    }
}
