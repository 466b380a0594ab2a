package io.socketz.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * TCP ports of 127.0.0.1. On Linux, a port once taken is reserved until this JVM ends, even while its user does not
 * run: a socket is bound to it that does not listen. That blocks only programs that bind without SO_REUSEADDR, such as
 * this class when another harness on this machine looks for ports.
 */
final class FreePorts {
    /** Below the ports that Linux gives to outgoing connections (32768 and up), which could take a free one. */
    private static final int FIRST = 15_000;

    private static final int LAST = 32_000;
    private static final int TRIES = 10_000;

    /** On other systems, a bound port cannot be bound again. */
    private static final boolean KEEPS = System.getProperty("os.name").equals("Linux");

    /** Guarded by the class. */
    private static final List<SocketChannel> KEPT = new ArrayList<>();

    private FreePorts() {}

    /** Takes ports that nothing listens on. Another program may still bind them before their user does. */
    static synchronized List<Integer> take(int count) {
        Set<Integer> ports = new LinkedHashSet<>();
        for (int i = 0; i < TRIES && ports.size() < count; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (KEEPS ? keep(port) : isFree(port)) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new TopologyException("no free ports from " + FIRST + " to " + LAST);
        }
        return List.copyOf(ports);
    }

    /** Binds {@code port} if it is free, and lets its user bind it as well. */
    private static boolean keep(int port) {
        SocketChannel socket = null;
        try {
            socket = SocketChannel.open();
            socket.bind(loopback(port));
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            KEPT.add(socket);
            return true;
        } catch (IOException e) {
            close(socket);
            return false;
        }
    }

    private static void close(@Nullable SocketChannel socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // it was not bound
        }
    }

    /** Whether nothing listens on {@code port}. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // connections that have ended must not block it
            socket.bind(loopback(port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static InetSocketAddress loopback(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }
}
