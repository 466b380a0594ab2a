package io.socketz.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A network on loopback that can fail: it forwards what comes to a port, or does not. For any thread.
 *
 * <pre>{@code
 *   PASSING --cut--> CUT: connections are reset, new ones too
 *      |  ^--resume---+
 *      |  |
 *      |  +--resume--+
 *      +----stall----> STALLED: connections stay, and new ones are accepted, but nothing passes, not even an end
 * }</pre>
 */
public final class TcpProxy implements AutoCloseable {
    private enum Phase {
        PASSING,
        CUT,
        STALLED
    }

    /** A connection on either side. Changed by its two threads, and {@link #reset} by any. */
    private static final class Link {
        final Socket client;
        final Socket server;

        /** How many directions have not ended. Guarded by the proxy. */
        int open = 2;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void close() {
            quietly(client);
            quietly(server);
        }

        void reset() {
            linger(client);
            linger(server);
            close();
        }
    }

    private static final int CHUNK = 65_536;
    private static final int END = -1;
    private static final int BROKEN = -2;
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    private final URI target;
    private final ServerSocket listener;

    /** Guarded by this. */
    private final Set<Link> links = new HashSet<>();

    /** Guarded by this. */
    private final Set<Thread> threads = new HashSet<>();

    /** Guarded by this. */
    private Phase phase = Phase.PASSING;

    /** Guarded by this. */
    private long delayNanos;

    private TcpProxy(URI target, ServerSocket listener) {
        this.target = target;
        this.listener = listener;
    }

    /**
     * Opens a proxy on a free port.
     *
     * @param target {@code scheme://host:port}; nothing needs to listen there yet
     */
    public static TcpProxy to(URI target) {
        try {
            TcpProxy proxy = new TcpProxy(target, new ServerSocket(0, 128, InetAddress.getLoopbackAddress()));
            proxy.start(proxy::accept, "accept");
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where to connect: the target's scheme with the proxy's port. */
    public URI endpoint() {
        return URI.create(target.getScheme() + "://127.0.0.1:" + listener.getLocalPort());
    }

    /** How many connections there are. */
    public synchronized int connections() {
        return links.size();
    }

    /**
     * Resets all connections, and each new one. The port stays open, so that no other program gets it: new connections
     * are accepted and reset at once.
     */
    public synchronized void cut() {
        phase = Phase.CUT;
        notifyAll();
        links.forEach(Link::reset);
    }

    /** Forwards nothing any more, not even the end of a side. Keeps what comes, as far as there is room. */
    public synchronized void stall() {
        phase = Phase.STALLED;
    }

    /** Forwards everything again, beginning with what was kept. */
    public synchronized void resume() {
        phase = Phase.PASSING;
        notifyAll();
    }

    /** From now on, everything takes this much longer in each direction, at most twice as long. */
    public synchronized void delay(Duration delay) {
        delayNanos = delay.toNanos();
    }

    /** Resets all connections and ends its threads. */
    @Override
    public void close() {
        List<Thread> ending;
        synchronized (this) {
            cut();
            quietly(listener);
            ending = new ArrayList<>(threads);
        }
        try {
            for (Thread thread : ending) {
                thread.join(CLOSE_TIMEOUT_MILLIS);
                if (thread.isAlive()) {
                    throw new IllegalStateException(thread.getName() + " does not end");
                }
            }
        } catch (InterruptedException e) {
            throw Wait.interrupted();
        }
    }

    // ---------------------------------------------------------------- threads: one accepts, two for each connection

    private synchronized void start(Runnable task, String name) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } finally {
                        ended(Thread.currentThread());
                    }
                },
                "proxy " + listener.getLocalPort() + " " + name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private synchronized void ended(Thread thread) {
        threads.remove(thread);
    }

    private void accept() {
        while (true) {
            Socket client;
            try {
                client = listener.accept();
            } catch (IOException e) {
                return; // closed
            }
            Socket server = new Socket();
            try {
                server.connect(new InetSocketAddress(target.getHost(), target.getPort()));
                open(new Link(client, server));
            } catch (IOException e) { // nothing listens there, or it has just ended
                linger(client);
                quietly(client);
                quietly(server);
            }
        }
    }

    private synchronized void open(Link link) throws SocketException {
        if (phase == Phase.CUT) {
            link.reset();
            return;
        }
        link.client.setTcpNoDelay(true);
        link.server.setTcpNoDelay(true);
        links.add(link);
        start(() -> pass(link, link.client, link.server), "there");
        start(() -> pass(link, link.server, link.client), "back");
    }

    private void pass(Link link, Socket from, Socket to) {
        byte[] chunk = new byte[CHUNK];
        try {
            int length = 0;
            while (length >= 0) {
                length = read(from, chunk);
                if (!mayPass(System.nanoTime())) {
                    break;
                }
                if (length > 0) {
                    to.getOutputStream().write(chunk, 0, length);
                } else if (length == END) {
                    to.shutdownOutput();
                } else {
                    link.reset();
                }
            }
        } catch (IOException | InterruptedException e) {
            link.reset();
        } finally {
            ended(link);
        }
    }

    private static int read(Socket from, byte[] chunk) {
        try {
            return from.getInputStream().read(chunk);
        } catch (IOException e) {
            return BROKEN;
        }
    }

    /** Waits until bytes that came at {@code cameAt} may pass; false if they never may. */
    private synchronized boolean mayPass(long cameAt) throws InterruptedException {
        while (phase != Phase.CUT) {
            long rest = delayNanos - (System.nanoTime() - cameAt);
            if (phase == Phase.PASSING && rest <= 0) {
                return true;
            }
            // Rounded up, since 0 ms means forever. While stalled, only a call ends the wait.
            wait(phase == Phase.STALLED ? 0 : 1 + TimeUnit.NANOSECONDS.toMillis(rest));
        }
        return false;
    }

    private synchronized void ended(Link link) {
        if (--link.open == 0) {
            link.close();
            links.remove(link);
        }
    }

    /** Makes {@code close} reset the connection. */
    private static void linger(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            // It is closed already.
        }
    }

    private static void quietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // It is closed for all purposes.
        }
    }
}
