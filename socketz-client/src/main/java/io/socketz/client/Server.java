package io.socketz.client;

import io.socketz.protocol.address.HostPort;
import java.net.InetSocketAddress;
import java.util.UUID;

/**
 * A server that a client is or was connected to. Two connections to the same server are equal in {@link #id}, if in
 * nothing else.
 *
 * @param asked the address as the client was given it; behind it may be a balancer in front of many servers
 * @param address what was connected to
 * @param local this end of the connection; {@code WHO} has it unless something between translates addresses
 * @param id the server's own, new at every start of it; asked for at the start of the connection
 */
public record Server(HostPort asked, InetSocketAddress address, InetSocketAddress local, UUID id) {
    /** The first eight characters of the id: how a server without a name is called. */
    public String shortId() {
        return id.toString().substring(0, 8);
    }
}
