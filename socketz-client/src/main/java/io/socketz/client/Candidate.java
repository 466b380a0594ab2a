package io.socketz.client;

import io.socketz.protocol.address.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What to try next.
 *
 * @param asked the address as the client was given it
 * @param address what the name stands for; empty if that has to be looked up
 */
record Candidate(HostPort asked, Optional<InetAddress> address) {
    /** What to connect to; empty for a name that has to be looked up. */
    Optional<InetSocketAddress> target() {
        return address.map(found -> new InetSocketAddress(found, asked.port()));
    }
}
