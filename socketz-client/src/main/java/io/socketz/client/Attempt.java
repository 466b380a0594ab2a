package io.socketz.client;

import io.socketz.protocol.address.HostPort;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A failed attempt to connect.
 *
 * @param asked the address as the client was given it
 * @param address where it tried to connect; empty if the name has no address
 * @param failure why not
 */
public record Attempt(HostPort asked, Optional<InetSocketAddress> address, SocketzException failure) {
    /** One line: {@code servers.example:4141 (10.0.0.2): Connection refused}. */
    @Override
    public String toString() {
        return name(asked, address) + ": " + failure.getMessage();
    }

    /** The address as it was given, and what it stands for unless that is the same. */
    static String name(HostPort asked, Optional<InetSocketAddress> address) {
        return address.map(HostPort::of)
                .map(HostPort::host)
                .filter(host -> !host.equals(asked.host()))
                .map(host -> asked + " (" + host + ")")
                .orElse(asked.toString());
    }
}
