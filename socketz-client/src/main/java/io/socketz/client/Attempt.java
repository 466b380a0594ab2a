package io.socketz.client;

import io.socketz.protocol.address.HostPort;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A connection that did not come about.
 *
 * @param asked the address as the client was given it
 * @param address what was connected to; empty if the name led to no address
 * @param failure why not
 */
public record Attempt(HostPort asked, Optional<InetSocketAddress> address, SocketzException failure) {
    /** In one line: {@code servers.example:4141 (10.0.0.2): Connection refused}. */
    @Override
    public String toString() {
        return name(asked, address) + ": " + failure.getMessage();
    }

    /** The address as it was given, and where it led to if that does not show. */
    static String name(HostPort asked, Optional<InetSocketAddress> address) {
        return address.map(HostPort::of)
                .map(HostPort::host)
                .filter(host -> !host.equals(asked.host()))
                .map(host -> asked + " (" + host + ")")
                .orElse(asked.toString());
    }
}
