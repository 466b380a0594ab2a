package io.socketz.client.bench;

import io.socketz.client.console.NoConnectionException;
import io.socketz.protocol.address.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** A server to measure, and one of its addresses. */
record Target(HostPort name, InetSocketAddress address) {
    /**
     * All addresses of {@code name}, in the order in which to try them.
     *
     * @throws NoConnectionException if there is none
     */
    static List<Target> resolve(HostPort name) throws NoConnectionException {
        List<Target> targets = new ArrayList<>();
        try {
            for (InetAddress address : InetAddress.getAllByName(name.host())) {
                targets.add(new Target(name, new InetSocketAddress(address, name.port())));
            }
        } catch (UnknownHostException e) {
            throw new NoConnectionException("no address is known for '" + name.host() + "'");
        }
        return targets;
    }
}
