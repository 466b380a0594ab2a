package io.socketz.server;

import io.socketz.protocol.address.HostPort;
import io.socketz.server.nio.ErrorText;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/**
 * A server cannot listen: the port is in use, the user may not use it, or the address is not one of this machine. The
 * message names the address and the port, and ends with the system's message; the cause is what the system threw.
 */
public final class ListenException extends BindException {
    private static final long serialVersionUID = 1;

    /** What a port is for. */
    public enum Port {
        /** {@link SocketzServer.Builder#port}. */
        CLIENTS(""),
        /** {@link SocketzServer.Builder#agentPort}. */
        AGENT(" for agent checks"),
        /** {@link SocketzServer.Builder#adminPort}. */
        ADMIN(" for the admin port");

        private final String text;

        Port(String text) {
            this.text = text;
        }
    }

    private final Port port;
    private final InetSocketAddress address;

    ListenException(Port port, InetSocketAddress address, Exception cause) {
        super("cannot listen on " + HostPort.format(address) + port.text + ": " + ErrorText.of(cause));
        this.port = port;
        this.address = address;
        initCause(cause);
    }

    /** Makes {@code channel} listen on {@code address}, which is resolved. */
    static void listen(ServerSocketChannel channel, Port port, InetSocketAddress address, int backlog)
            throws ListenException {
        try {
            channel.bind(address, backlog);
        } catch (IOException | RuntimeException e) { // unchecked for IPv6, if the JVM was told not to use it
            throw new ListenException(port, address, e);
        }
    }

    /** What the port is for. */
    public Port port() {
        return port;
    }

    /** Where the server was to listen. */
    public InetSocketAddress address() {
        return address;
    }
}
