package io.socketz.state.etcd.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a host. */
@FunctionalInterface
interface HostResolver {
    /**
     * All addresses of {@code host}, one or more.
     *
     * @throws UnknownHostException if it has none, or they cannot be found now
     */
    InetAddress[] resolve(String host) throws UnknownHostException;
}
