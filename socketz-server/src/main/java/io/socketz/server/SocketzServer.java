package io.socketz.server;

import io.socketz.protocol.address.CidrSet;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.address.IpLiteral;
import io.socketz.protocol.line.LineFramer;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import io.socketz.state.Member;
import io.socketz.state.RegistryFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;

/**
 * A server that knows who is connected. It serves from {@link Builder#start} to {@link #close}, which leaves no thread
 * behind.
 *
 * <pre>{@code
 * try (SocketzServer server = SocketzServer.builder().port(5151).start()) {
 *     ...
 * }
 * }</pre>
 */
public final class SocketzServer implements AutoCloseable {
    /** The port on which clients expect a server. */
    public static final int DEFAULT_PORT = 5151;

    private final RunningServer running;

    private SocketzServer(RunningServer running) {
        this.running = running;
    }

    /** The options of a server that is to be started. */
    public static Builder builder() {
        return new Builder();
    }

    /** Who this server is. */
    public Member member() {
        return running.member();
    }

    /** Where it listens: with the port that was chosen, if the choice was left to the system. */
    public InetSocketAddress address() {
        return running.address();
    }

    /** Where it answers agent checks, with the port that was chosen; empty without {@link Builder#agentPort}. */
    public Optional<InetSocketAddress> agentAddress() {
        return running.agentAddress();
    }

    /** How many connections there are now, including health checks, and refused ones that are not closed yet. */
    public int connections() {
        return running.admission().sockets();
    }

    /** How many connections have ended for {@code reason}. */
    public long closed(CloseReason reason) {
        return running.counters().closed(reason);
    }

    /**
     * Ends the server in order: it accepts no more connections, answers what was asked, closes the connections and leaves
     * the registry. Returns when that is done; connections that have not ended after {@link Builder#drainTimeout} are cut.
     * A second call waits for the first. If the calling thread is interrupted, they are cut at once.
     *
     * <p>With an agent port this is a drain: the port answers {@code draining}; after {@link Builder#drainNotice} the server
     * closes its clients one by one over the rest of the drain timeout. As long as it has any it accepts connections, so
     * that health checks succeed; if nobody has asked the agent port, it stops accepting when it begins to close clients.
     *
     * @throws IllegalStateException on a thread of this server, as in a {@link ServerListener}
     */
    @Override
    public void close() {
        running.shutdown().run();
    }

    /**
     * Options with their defaults. Setters return the builder, and throw {@link IllegalArgumentException} for a value that
     * is out of range. Durations are zero or more; those over 70 years count as 70 years.
     */
    public static final class Builder {
        private static final int MAX_LOOPS = 1024;

        /** Far from where nanoseconds would overflow. */
        private static final Duration LONGEST = Duration.ofDays(70 * 365);

        private final ServerOptions options = new ServerOptions();

        private Builder() {}

        /** Address or name to listen on; {@code 0.0.0.0} by default, that is all of this machine's addresses. */
        public Builder host(String host) {
            options.host = host;
            return this;
        }

        /** Port to listen on, 0 to 65535; 0 leaves the choice to the system. */
        public Builder port(int port) {
            options.port = inRange(port, 0, 65_535, "port");
            return this;
        }

        /** What people call this server; by default the first eight characters of its id. */
        public Builder name(String name) {
            if (name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("a name with control characters");
            }
            options.name = name;
            return this;
        }

        /**
         * The {@code host:port} by which other servers and people know this one, {@link Member#address}: where they reach
         * it, which may not be where it listens. By default where it listens or, if that is all addresses of this machine, one
         * of them that is not loopback. A name is not looked up.
         */
        public Builder advertise(String address) {
            HostPort parsed = HostPort.parse(address);
            if (parsed.port() == 0) {
                throw new IllegalArgumentException("'" + parsed + "' has port 0, which nobody can reach");
            }
            if (IpLiteral.parse(parsed.host())
                    .filter(InetAddress::isAnyLocalAddress)
                    .isPresent()) {
                throw new IllegalArgumentException("'" + parsed + "' stands for all addresses of any machine");
            }
            options.advertised = parsed.toString();
            return this;
        }

        /** Number of event loops, 1 or more; by default one for each processor. */
        public Builder loops(int loops) {
            options.loops = inRange(loops, 1, MAX_LOOPS, "loops");
            return this;
        }

        /** Addresses whose connections begin with a PROXY header; none by default. */
        public Builder proxies(CidrSet proxies) {
            options.proxies = proxies;
            return this;
        }

        /** Opens the registry; by default one in memory, of this server alone. */
        public Builder registry(RegistryFactory registry) {
            options.registry = registry;
            return this;
        }

        /** Hears what happens; by default nobody does. */
        public Builder listener(ServerListener listener) {
            options.listener = listener;
            return this;
        }

        /** Longest request in bytes, without its line ending; 1024 by default. */
        public Builder maxLineLength(int bytes) {
            options.maxLineLength = inRange(bytes, 1, LineFramer.LARGEST_MAX_LENGTH, "line length");
            return this;
        }

        /** Most connections at a time; 0, the default, for as many as the limit on open files allows. */
        public Builder maxConnections(int connections) {
            options.maxConnections = inRange(connections, 0, Integer.MAX_VALUE, "connections");
            return this;
        }

        /** Most connections at a time from one client address; 0, the default, for no limit. */
        public Builder maxPerAddress(int connections) {
            options.maxPerAddress = inRange(connections, 0, Integer.MAX_VALUE, "connections per address");
            return this;
        }

        /**
         * Most bytes that the server holds for its clients, over all connections: requests that it has read and not decoded,
         * and replies that clients have not taken. By default a quarter of the maximum heap. While it holds more, it closes
         * the client that has taken nothing for longest.
         */
        public Builder maxOutbound(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("outbound bytes: " + bytes + " is less than 0");
            }
            options.maxOutbound = bytes;
            return this;
        }

        /** How long a client may send nothing after it has connected; zero, the default, for no limit. */
        public Builder firstByteTimeout(Duration timeout) {
            options.firstByteTimeout = nanos(timeout);
            return this;
        }

        /** How long a client may send nothing after it has sent something; zero, the default, for no limit. */
        public Builder idleTimeout(Duration timeout) {
            options.idleTimeout = nanos(timeout);
            return this;
        }

        /**
         * How long a client may need to take 64 KiB of the replies that wait for it, or all there are; 10 s by default, zero
         * for no limit.
         */
        public Builder outboundTimeout(Duration timeout) {
            options.outboundTimeout = nanos(timeout);
            return this;
        }

        /** How long a proxy may take to send its header; 3 s by default, zero for no limit. */
        public Builder proxyTimeout(Duration timeout) {
            options.proxyTimeout = nanos(timeout);
            return this;
        }

        /**
         * Port, on the same address, that answers HAProxy's agent checks, 0 to 65535; 0 leaves the choice to the system. With
         * it, {@link SocketzServer#close} is a drain. None by default.
         */
        public Builder agentPort(int port) {
            options.agentPort = inRange(port, 0, 65_535, "agent port");
            return this;
        }

        /**
         * How long a server that is drained serves as before while its agent port answers {@code draining}; 2 s by default. At
         * most half the drain timeout; nothing if nobody has asked that port for 10 s, or for as long as this notice if that
         * is longer.
         */
        public Builder drainNotice(Duration notice) {
            options.drainNotice = nanos(notice);
            return this;
        }

        /** How long {@link SocketzServer#close} waits for connections to end in order; 20 s by default, zero for not at all. */
        public Builder drainTimeout(Duration timeout) {
            options.drainTimeout = nanos(timeout);
            return this;
        }

        /**
         * Starts to serve.
         *
         * @throws UnknownHostException if the host has no address
         * @throws ListenException if a port is in use or not allowed, or the address is not one of this machine
         * @throws IOException if the system does not provide what a server needs
         */
        public SocketzServer start() throws IOException {
            return new SocketzServer(ServerStart.start(options));
        }

        private static int inRange(int value, int least, int most, String what) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(what + ": " + value + " is not from " + least + " to " + most);
            }
            return value;
        }

        private static long nanos(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("a time of " + time + " is negative");
            }
            return time.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : time.toNanos();
        }
    }
}
