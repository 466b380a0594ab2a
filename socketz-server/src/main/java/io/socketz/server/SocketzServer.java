package io.socketz.server;

import io.socketz.protocol.address.CidrSet;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.address.IpLiteral;
import io.socketz.protocol.line.LineFramer;
import io.socketz.server.command.CommandService;
import io.socketz.server.command.WhoText;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.RegistryFactory;
import io.socketz.state.StateThread;
import io.socketz.state.memory.MemoryRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

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
    static final int BACKLOG = 16_384;

    /** Enough for a store that is well, even where there is no time: else its clients would be ghosts for a while. */
    private static final long LEAST_LEAVE_NANOS = 250_000_000;

    private final Member member;
    private final InetSocketAddress address;
    private final List<EventLoop> loops;
    private final StateThread state;
    private final ServerContext context;
    private final long drainTimeout;

    /** Null where there is no agent port. */
    private final @Nullable InetSocketAddress agentAddress;

    /** Null where there is no agent port: then nobody could be told. */
    private final @Nullable Drain drain;

    /** Whether the registry is left. Guarded by this server's lock, as all of its end is. */
    private boolean left;

    private SocketzServer(
            Member member,
            InetSocketAddress address,
            List<EventLoop> loops,
            StateThread state,
            ServerContext context,
            long drainTimeout,
            @Nullable InetSocketAddress agentAddress,
            @Nullable Drain drain) {
        this.member = member;
        this.address = address;
        this.loops = loops;
        this.state = state;
        this.context = context;
        this.drainTimeout = drainTimeout;
        this.agentAddress = agentAddress;
        this.drain = drain;
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

    /** Where it answers agent checks, with the port that was chosen; empty without {@link Builder#agentPort}. */
    public Optional<InetSocketAddress> agentAddress() {
        return Optional.ofNullable(agentAddress);
    }

    /** How many connections there are now, health checks and refused ones that are not closed yet included. */
    public int connections() {
        return context.admission().sockets();
    }

    /** How many connections have ended for {@code reason}. */
    public long closed(CloseReason reason) {
        return context.counters().closed(reason);
    }

    /**
     * Ends the server in order: accepts no more, answers what was asked, closes the connections, leaves the registry.
     * Returns when that is done; connections that have not ended after {@link Builder#drainTimeout} are cut. A second
     * call waits for the first. When the calling thread is interrupted, they are cut at once.
     *
     * <p>With an agent port it is a drain: the port answers {@code drain}; when {@link Builder#drainNotice} has passed, the
     * server closes its clients one by one over what is left of the drain timeout. As long as it has any it accepts, for
     * health checks to succeed; where nobody has asked the agent port, it accepts no more when it begins to close.
     *
     * @throws IllegalStateException on a thread of this server, as in a {@link ServerListener}
     */
    @Override
    public void close() {
        // Before the lock: whoever holds it waits for this very thread.
        loops.forEach(EventLoop::checkNotOwner);
        end();
    }

    private synchronized void end() {
        long deadline = System.nanoTime() + drainTimeout;
        boolean interrupted = false;
        try {
            drain(deadline);
        } catch (InterruptedException e) {
            interrupted = true;
            deadline = System.nanoTime();
        }
        // What is cut then leaves time for the registry.
        long cutAt = DrainPlan.of(System.nanoTime(), deadline, 0).cutAt();
        stop(cutAt);
        for (EventLoop loop : loops) {
            while (!loop.hasEnded()) {
                try {
                    loop.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    deadline = System.nanoTime();
                    cutAt = deadline;
                    stop(cutAt);
                }
            }
            if (loop == loops.get(0)) {
                // It may have failed before it told the others; nothing comes from it any more.
                stop(cutAt);
            }
        }
        leave(deadline);
        state.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when nobody is connected and the registry is left, and the agent port still answers; or at {@code deadline}. */
    private void drain(long deadline) throws InterruptedException {
        if (drain == null || drainTimeout == 0 || loops.stream().anyMatch(EventLoop::hasEnded)) {
            return;
        }
        try {
            drain.begin(deadline).get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            leave(deadline);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a drain does not fail", e);
        } catch (TimeoutException e) {
            // A loop has ended meanwhile, or this machine is overloaded: the rest is cut.
        }
    }

    private void leave(long deadline) {
        if (!left) {
            left = true;
            long rest = Math.max(LEAST_LEAVE_NANOS, deadline - System.nanoTime());
            context.registry().close(Duration.ofNanos(rest));
        }
    }

    /** From the loop that accepts, so that no connection is on its way to another when that one is told to stop. */
    private void stop(long deadline) {
        if (loops.get(0).hasEnded()) {
            loops.forEach(loop -> loop.stop(deadline));
        } else {
            loops.get(0).execute(() -> loops.forEach(loop -> loop.stop(deadline)));
        }
    }

    /**
     * Options with their defaults. Setters return the builder, and throw {@link IllegalArgumentException} for a value that
     * is out of range; times are zero or more, and longer ones than 70 years are that long.
     */
    public static final class Builder {
        private static final int MAX_LOOPS = 1024;

        /** Far from where nanoseconds would overflow. */
        private static final Duration LONGEST = Duration.ofDays(70 * 365);

        private String host = "0.0.0.0";
        private int port = DEFAULT_PORT;
        private String name = "";
        private @Nullable String advertised;
        private int loops = Runtime.getRuntime().availableProcessors();
        private CidrSet proxies = CidrSet.NONE;
        private RegistryFactory registry = MemoryRegistry::new;
        private ServerListener listener = ServerListener.NONE;
        private int maxLineLength = LineFramer.DEFAULT_MAX_LENGTH;
        private int maxConnections;
        private int maxPerAddress;
        private long maxOutbound = Runtime.getRuntime().maxMemory() / 4;
        private long firstByteTimeout;
        private long idleTimeout;
        private long outboundTimeout = TimeUnit.SECONDS.toNanos(10);
        private long proxyTimeout = TimeUnit.SECONDS.toNanos(3);
        private long drainTimeout = TimeUnit.SECONDS.toNanos(20);
        private @Nullable Integer agentPort;
        private long drainNotice = TimeUnit.SECONDS.toNanos(2);

        private Builder() {}

        /** Address or name to listen on; {@code 0.0.0.0} by default, that is all of this machine's addresses. */
        public Builder host(String host) {
            this.host = host;
            return this;
        }

        /** Port to listen on, 0 to 65535; 0 leaves the choice to the system. */
        public Builder port(int port) {
            this.port = inRange(port, 0, 65_535, "port");
            return this;
        }

        /** What people call this server; by default the first eight letters of its id. */
        public Builder name(String name) {
            if (name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("a name with control characters");
            }
            this.name = name;
            return this;
        }

        /**
         * The {@code host:port} by which other servers and people know this one, {@link Member#address}: what they reach it
         * by, perhaps not what it listens on. By default where it listens, or, where that is all addresses of this machine,
         * one of these that is not loopback. A name is not looked up.
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
            this.advertised = parsed.toString();
            return this;
        }

        /** Number of event loops, 1 or more; by default one for each processor. */
        public Builder loops(int loops) {
            this.loops = inRange(loops, 1, MAX_LOOPS, "loops");
            return this;
        }

        /** Addresses whose connections begin with a PROXY header; none by default. */
        public Builder proxies(CidrSet proxies) {
            this.proxies = proxies;
            return this;
        }

        /** Opens the registry; by default one in memory, of this server alone. */
        public Builder registry(RegistryFactory registry) {
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
            this.maxLineLength = inRange(bytes, 1, LineFramer.LARGEST_MAX_LENGTH, "line length");
            return this;
        }

        /** Most connections at a time; 0, the default, for what the limit on open files leaves. */
        public Builder maxConnections(int connections) {
            this.maxConnections = inRange(connections, 0, Integer.MAX_VALUE, "connections");
            return this;
        }

        /** Most connections at a time from one client address; 0, the default, for no limit. */
        public Builder maxPerAddress(int connections) {
            this.maxPerAddress = inRange(connections, 0, Integer.MAX_VALUE, "connections per address");
            return this;
        }

        /**
         * Most bytes that the server holds for its clients, over all connections: requests that it has read and not decoded,
         * and replies that clients have not taken. A quarter of the largest heap by default. When it is more, the client that
         * has taken nothing for longest is closed.
         */
        public Builder maxOutbound(long bytes) {
            if (bytes < 0) {
                throw new IllegalArgumentException("outbound bytes: " + bytes + " is less than 0");
            }
            this.maxOutbound = bytes;
            return this;
        }

        /** How long a client may send nothing after it connected; zero, the default, for no limit. */
        public Builder firstByteTimeout(Duration timeout) {
            this.firstByteTimeout = nanos(timeout);
            return this;
        }

        /** How long a client may send nothing after it sent something; zero, the default, for no limit. */
        public Builder idleTimeout(Duration timeout) {
            this.idleTimeout = nanos(timeout);
            return this;
        }

        /**
         * How long a client may take to take 64 KiB of the replies that wait for it, or what there is; 10 s by default,
         * zero for no limit.
         */
        public Builder outboundTimeout(Duration timeout) {
            this.outboundTimeout = nanos(timeout);
            return this;
        }

        /** How long a proxy may take to send its header; 3 s by default, zero for no limit. */
        public Builder proxyTimeout(Duration timeout) {
            this.proxyTimeout = nanos(timeout);
            return this;
        }

        /**
         * Port, on the same address, that answers HAProxy's agent checks and makes {@link SocketzServer#close} a drain, 0 to
         * 65535; 0 leaves the choice to the system. None by default.
         */
        public Builder agentPort(int port) {
            this.agentPort = inRange(port, 0, 65_535, "agent port");
            return this;
        }

        /**
         * How long a server that is drained goes on as before while its agent port answers {@code drain}; 2 s by default.
         * Half the drain timeout at most, and not at all where nobody has asked that port for 10 s, or for
         * that long, where it is more.
         */
        public Builder drainNotice(Duration notice) {
            this.drainNotice = nanos(notice);
            return this;
        }

        /** How long {@link SocketzServer#close} waits for connections to end in order; 20 s by default, zero: not at all. */
        public Builder drainTimeout(Duration timeout) {
            this.drainTimeout = nanos(timeout);
            return this;
        }

        /**
         * Starts to serve.
         *
         * @throws UnknownHostException if the host has no address
         * @throws ListenException if a port is in use or not allowed, or the address is not one of this machine
         * @throws IOException if the system does not give what a server needs
         */
        public SocketzServer start() throws IOException {
            FileDescriptors.check(loops);
            InetSocketAddress wanted = new InetSocketAddress(host, port);
            if (host.isBlank() || wanted.isUnresolved()) {
                throw new UnknownHostException("cannot listen on '" + host + "': no address is known for that name");
            }
            try (Opened opened = new Opened()) {
                ServerSocketChannel channel = opened.keep(ServerSocketChannel.open());
                // Connections inherit it. Later would be too late: it limits the window that is offered to the client.
                channel.setOption(StandardSocketOptions.SO_RCVBUF, ConnectionOptions.RECEIVE_BUFFER);
                ListenException.listen(channel, ListenException.Port.CLIENTS, wanted, BACKLOG);
                // As it was asked for: the channel itself would call 0.0.0.0 by its IPv6 name.
                int chosen = ((InetSocketAddress) channel.getLocalAddress()).getPort();
                SocketzServer server = serve(
                        channel,
                        new InetSocketAddress(wanted.getAddress(), chosen),
                        bindAgentPort(wanted.getAddress(), opened),
                        opened);
                opened.release();
                return server;
            }
        }

        private @Nullable ServerSocketChannel bindAgentPort(InetAddress host, Opened opened) throws IOException {
            if (agentPort == null) {
                return null;
            }
            ServerSocketChannel channel = opened.keep(ServerSocketChannel.open());
            // 0: the system's own length of the queue
            ListenException.listen(channel, ListenException.Port.AGENT, new InetSocketAddress(host, agentPort), 0);
            return channel;
        }

        private SocketzServer serve(
                ServerSocketChannel channel,
                InetSocketAddress address,
                @Nullable ServerSocketChannel agentChannel,
                Opened opened)
                throws IOException {
            UUID id = UUID.randomUUID();
            Member member = new Member(
                    id,
                    name.isEmpty() ? id.toString().substring(0, 8) : name,
                    advertised == null ? AdvertisedAddress.of(address) : advertised,
                    Instant.now().truncatedTo(ChronoUnit.MILLIS));
            ServerListener guarded = new GuardedListener(listener);
            List<EventLoop> eventLoops = new ArrayList<>();
            for (int i = 0; i < loops; i++) {
                EventLoop loop = new EventLoop("socketz-loop-" + i, guarded);
                opened.keep(loop::discard);
                eventLoops.add(loop);
            }
            StateThread state = opened.keep(new StateThread("socketz-state"));
            Registry members = opened.keep(registry.open(member, state));
            // Before it is counted what is left of them.
            SpareDescriptors spares = opened.keep(new SpareDescriptors(Acceptor.SPARES));
            SpareDescriptors agentSpares =
                    opened.keep(new SpareDescriptors(agentChannel == null ? 0 : AgentPort.MAX_PEERS));
            Admission admission = admission(guarded);
            ServerContext context = new ServerContext(
                    limits(),
                    proxies,
                    members,
                    new CommandService(id, maxLineLength, new WhoText(members, state)),
                    admission,
                    new HeldMemory(maxOutbound),
                    new Counters(),
                    guarded);
            Acceptor acceptor = new Acceptor(channel, spares, eventLoops, context);
            InetSocketAddress agentAddress = null;
            Drain drain = null;
            if (agentChannel != null) {
                int chosen = ((InetSocketAddress) agentChannel.getLocalAddress()).getPort();
                agentAddress = new InetSocketAddress(address.getAddress(), chosen);
                AgentPort agent = new AgentPort(
                        agentChannel,
                        agentSpares,
                        eventLoops,
                        admission,
                        new Readiness(members, System.nanoTime()),
                        guarded);
                // Seeded by the id, which is on the console: what happened can be had again.
                long seed = id.getLeastSignificantBits();
                drain = new Drain(eventLoops, acceptor, agent, admission, drainNotice, seed);
            }
            eventLoops.forEach(EventLoop::start);
            return new SocketzServer(member, address, eventLoops, state, context, drainTimeout, agentAddress, drain);
        }

        private Admission admission(ServerListener told) {
            FileDescriptors left = FileDescriptors.left();
            int most = maxConnections == 0 ? left.clients() : Math.min(maxConnections, left.clients());
            if (most < maxConnections) {
                told.onWarning("the limit on open files (ulimit -n) leaves room for " + most
                        + " connections, not for the " + maxConnections + " of --max-connections");
            }
            return new Admission(most, left.reserve(), maxPerAddress);
        }

        private Limits limits() {
            return new Limits(maxLineLength, firstByteTimeout, idleTimeout, outboundTimeout, proxyTimeout);
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
