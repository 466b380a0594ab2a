package io.socketz.server;

import io.socketz.protocol.address.CidrSet;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.line.LineFramer;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.StateThread;
import io.socketz.state.memory.MemoryRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * A server that knows who is connected. Serves from {@link Builder#start} to {@link #close}, which leaves no thread
 * behind.
 *
 * <pre>{@code
 * try (SocketzServer server = SocketzServer.builder().port(5151).start()) {
 *     ...
 * }
 * }</pre>
 */
public final class SocketzServer implements AutoCloseable {
    /** The port that clients expect a server on. */
    public static final int DEFAULT_PORT = 5151;

    /** Length of the kernel's queue of connections not yet accepted; the kernel has a limit of its own. */
    private static final int BACKLOG = 16_384;

    private final Member member;
    private final InetSocketAddress address;
    private final List<EventLoop> loops;
    private final StateThread state;
    private final ServerContext context;
    private final Duration drainTimeout;

    private SocketzServer(
            Member member,
            InetSocketAddress address,
            List<EventLoop> loops,
            StateThread state,
            ServerContext context,
            Duration drainTimeout) {
        this.member = member;
        this.address = address;
        this.loops = loops;
        this.state = state;
        this.context = context;
        this.drainTimeout = drainTimeout;
    }

    /** What a server may be told before it starts. */
    public static Builder builder() {
        return new Builder();
    }

    /** Who this server is. */
    public Member member() {
        return member;
    }

    /** Where it listens: with the port that was chosen, if that was left to the system. */
    public InetSocketAddress address() {
        return address;
    }

    /** How many connections there are now, health checks and refused ones that are not closed yet included. */
    public int connections() {
        return context.admission().connections();
    }

    /** How many connections have ended for {@code reason}. */
    public long closed(CloseReason reason) {
        return context.counters().closed(reason);
    }

    /**
     * Ends the server in order: accepts no more, answers what was asked, closes the connections, leaves the registry.
     * Returns when that is done; connections that have not ended after {@link Builder#drainTimeout} are cut. A second
     * call waits for the first.
     */
    @Override
    public synchronized void close() {
        long deadline = System.nanoTime() + drainTimeout.toNanos();
        // From the loop that accepts, so that no connection is on its way to another when that one is told to stop.
        loops.get(0).execute(() -> loops.forEach(loop -> loop.stop(deadline)));
        try {
            for (EventLoop loop : loops) {
                loop.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        context.registry().close();
        state.close();
    }

    /** Options with their defaults. Setters return the builder. */
    public static final class Builder {
        private String host = "0.0.0.0";
        private int port = DEFAULT_PORT;
        private String name = "";
        private int loops = Runtime.getRuntime().availableProcessors();
        private CidrSet proxies = CidrSet.NONE;
        private BiFunction<Member, StateThread, Registry> registry = MemoryRegistry::new;
        private ServerListener listener = ServerListener.NONE;
        private int maxLineLength = LineFramer.DEFAULT_MAX_LENGTH;
        private int maxConnections;
        private int maxPerAddress;
        private Duration firstByteTimeout = Duration.ZERO;
        private Duration idleTimeout = Duration.ZERO;
        private Duration outboundTimeout = Duration.ofSeconds(10);
        private Duration proxyTimeout = Duration.ofSeconds(3);
        private Duration drainTimeout = Duration.ofSeconds(20);

        private Builder() {}

        /** Address or name to listen on; {@code 0.0.0.0} by default, that is all of this machine's addresses. */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /** Port to listen on, 0 to 65535; 0 leaves the choice to the system. */
        public Builder port(int port) {
            this.port = port;
            return this;
        }

        /** What people call this server; by default the first eight letters of its id. */
        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /** Number of event loops, 1 or more; by default one for each processor. */
        public Builder loops(int loops) {
            this.loops = atLeast(1, loops, "loops");
            return this;
        }

        /** Addresses whose connections begin with a PROXY header; none by default. */
        public Builder proxies(CidrSet proxies) {
            this.proxies = proxies;
            return this;
        }

        /** Makes the registry; one in memory, of this server alone, by default. */
        public Builder registry(BiFunction<Member, StateThread, Registry> registry) {
            this.registry = registry;
            return this;
        }

        /** Who is told what happens; nobody by default. */
        public Builder listener(ServerListener listener) {
            this.listener = listener;
            return this;
        }

        /** Longest request in bytes, without its line end; 1024 by default. */
        public Builder maxLineLength(int bytes) {
            this.maxLineLength = atLeast(1, bytes, "line length");
            return this;
        }

        /** Most connections at a time; 0, the default, for what the limit on open files leaves. */
        public Builder maxConnections(int connections) {
            this.maxConnections = atLeast(0, connections, "connections");
            return this;
        }

        /** Most connections at a time from one client address; 0, the default, for no limit. */
        public Builder maxPerAddress(int connections) {
            this.maxPerAddress = atLeast(0, connections, "connections per address");
            return this;
        }

        /** How long a client may send nothing after it connected; zero, the default, for no limit. */
        public Builder firstByteTimeout(Duration timeout) {
            this.firstByteTimeout = timeout;
            return this;
        }

        /** How long a client may send nothing after it sent something; zero, the default, for no limit. */
        public Builder idleTimeout(Duration timeout) {
            this.idleTimeout = timeout;
            return this;
        }

        /** How long a client may take none of the replies that wait for it; 10 s by default, zero for no limit. */
        public Builder outboundTimeout(Duration timeout) {
            this.outboundTimeout = timeout;
            return this;
        }

        /** How long a proxy may take to send its header; 3 s by default, zero for no limit. */
        public Builder proxyTimeout(Duration timeout) {
            this.proxyTimeout = timeout;
            return this;
        }

        /** How long {@link SocketzServer#close} waits for connections to end in order; 20 s by default. */
        public Builder drainTimeout(Duration timeout) {
            this.drainTimeout = timeout;
            return this;
        }

        /**
         * Starts to serve.
         *
         * @throws UnknownHostException if the host has no address
         * @throws BindException if the port is in use, or the address is none of this machine
         * @throws IOException if the system does not give what a server needs
         */
        public SocketzServer start() throws IOException {
            FileDescriptors.check(loops);
            InetSocketAddress wanted = new InetSocketAddress(host, port);
            if (host.isBlank() || wanted.isUnresolved()) {
                throw new UnknownHostException(host);
            }
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.bind(wanted, BACKLOG);
                // As it was asked for: the channel itself would call 0.0.0.0 by its IPv6 name.
                int chosen = ((InetSocketAddress) channel.getLocalAddress()).getPort();
                return serve(channel, new InetSocketAddress(wanted.getAddress(), chosen));
            } catch (IOException | RuntimeException e) {
                Acceptor.closeQuietly(channel);
                throw e;
            }
        }

        private SocketzServer serve(ServerSocketChannel channel, InetSocketAddress address) throws IOException {
            UUID id = UUID.randomUUID();
            Member member = new Member(
                    id,
                    name.isEmpty() ? id.toString().substring(0, 8) : name,
                    HostPort.format(address),
                    Instant.now().truncatedTo(ChronoUnit.MILLIS));
            List<EventLoop> eventLoops = new ArrayList<>();
            for (int i = 0; i < loops; i++) {
                eventLoops.add(new EventLoop("socketz-loop-" + i, listener));
            }
            StateThread state = new StateThread("socketz-state");
            Limits limits = limits();
            Registry members = registry.apply(member, state);
            ServerContext context = new ServerContext(
                    limits,
                    proxies,
                    members,
                    new CommandService(id, maxLineLength, new WhoText(members, state)),
                    new Admission(limits.maxConnections(), maxPerAddress),
                    new Counters(),
                    listener);
            new Acceptor(channel, eventLoops, context);
            eventLoops.forEach(EventLoop::start);
            return new SocketzServer(member, address, eventLoops, state, context, drainTimeout);
        }

        private Limits limits() {
            return new Limits(
                    maxLineLength,
                    maxConnections == 0 ? FileDescriptors.leftForConnections() : maxConnections,
                    maxPerAddress,
                    firstByteTimeout.toNanos(),
                    idleTimeout.toNanos(),
                    outboundTimeout.toNanos(),
                    proxyTimeout.toNanos());
        }

        private static int atLeast(int least, int value, String what) {
            if (value < least) {
                throw new IllegalArgumentException(what + ": " + value + " is less than " + least);
            }
            return value;
        }
    }
}
