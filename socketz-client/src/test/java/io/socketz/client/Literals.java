package io.socketz.client;

import io.socketz.protocol.address.IpLiteral;
import java.net.InetAddress;

/** Addresses of tests. */
final class Literals {
    private Literals() {}

    static InetAddress address(String text) {
        return IpLiteral.parse(text).orElseThrow();
    }
}
