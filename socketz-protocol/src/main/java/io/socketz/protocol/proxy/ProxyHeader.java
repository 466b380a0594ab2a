package io.socketz.protocol.proxy;

import java.net.InetSocketAddress;

/** What a PROXY protocol header says about its connection. */
public sealed interface ProxyHeader permits ProxyHeader.Proxied, ProxyHeader.Local {

    /**
     * A TCP connection made on behalf of a client; an IPv4-mapped address is given as IPv4.
     *
     * @param source the client's address
     * @param destination the address that the client connected to
     */
    record Proxied(InetSocketAddress source, InetSocketAddress destination) implements ProxyHeader {}

    /**
     * A connection without an IP address of a client: the proxy's own (command LOCAL, a health check), or one whose
     * protocol has none or is unknown (UNKNOWN in version 1; UNSPEC and AF_UNIX in version 2). It is served, with
     * the addresses of the real connection.
     */
    record Local() implements ProxyHeader {}
}
