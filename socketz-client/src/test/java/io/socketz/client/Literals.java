package io.socketz.client;

import io.socketz.protocol.address.IpLiteral;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Addresses for tests. */
final class Literals {
    private Literals() {}

    static InetAddress address(String text) {
        return IpLiteral.parse(text).orElseThrow();
    }

    /** An address of this machine that is not 127.0.0.1: 127.0.0.2, or ::1 on macOS, which has no other. */
    static InetAddress nobody() {
        InetAddress second = address("127.0.0.2");
        try (ServerSocket socket = new ServerSocket(0, 1, second)) {
            return socket.getInetAddress();
        } catch (IOException e) {
            return address("::1");
        }
    }
}
