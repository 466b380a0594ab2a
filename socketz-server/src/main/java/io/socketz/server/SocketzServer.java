package io.socketz.server;

import io.socketz.protocol.address.CidrSet;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.admin.AdminPort;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.Connection;
import io.socketz.server.event.ConnectionListener;
import io.socketz.server.event.ServerListener;
import io.socketz.server.event.ServerMetrics;
import io.socketz.server.event.ServerState;
import io.socketz.state.FreshRoster;
import io.socketz.state.Member;
import io.socketz.state.RegistryFactory;
import io.socketz.state.Roster;
import io.socketz.state.etcd.ClusterSettings;
import io.socketz.state.etcd.transport.EtcdOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

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

    /** Where its admin port is, with the port that was chosen; empty without {@link Builder#adminPort}. */
    public Optional<InetSocketAddress> adminAddress() {
        return running.admin().map(AdminPort::address);
    }

    /**
     * Who is connected to the whole cluster, as this server knows it: what {@code WHO} shows. A client of this server is in
     * it from its greeting to its end. Already complete while nothing changes.
     *
     * @return what depends on it runs in the caller's thread if it is complete, or else where asynchronous stages of a {@link
     *     CompletableFuture} run; fails, with {@link IllegalStateException}, only if the server is closed
     */
    public CompletableFuture<Roster> roster() {
        return running.presence().roster();
    }

    /**
     * The same, at least as new as this call for all servers: what {@code WHO FRESH} shows. If that cannot be confirmed
     * within 500 ms, what is known here, and how old it is. Those who ask at the same time share one request to the store.
     *
     * @return as {@link #roster}
     */
    public CompletableFuture<FreshRoster> freshRoster() {
        return running.presence().freshRoster();
    }

    /**
     * The servers of the cluster, this one included, in the order in which they started: what {@code SERVERS} shows.
     *
     * @return as {@link #roster}
     */
    public CompletableFuture<List<Member>> members() {
        return roster().thenApply(Roster::members);
    }

    /**
     * Tells {@code listener} who is connected to the whole cluster, and then each change: what {@code WATCH} sends.
     *
     * @return ends the watch when it is closed
     * @throws IllegalStateException if the server is closed
     */
    public PresenceWatch watch(PresenceListener listener) {
        return running.presence().watch(listener);
    }

    /**
     * The client of this server that has an id, from its greeting to its end; empty if there is none.
     *
     * @param id as {@link Connection#id} and {@link io.socketz.state.Client#id} say it
     */
    public Optional<Connection> connection(String id) {
        String own = running.member().id() + "/";
        String number = id.startsWith(own) ? id.substring(own.length()) : "";
        return number.matches("[1-9][0-9]{0,17}")
                ? Optional.ofNullable(running.sessions().find(Long.parseLong(number)))
                : Optional.empty();
    }

    /**
     * Sends a line to the clients of this server, as {@link Connection#send}; it is encoded once. Those who connect while
     * this runs may get it or not.
     *
     * @param filter says who is meant; on the calling thread
     * @return how many have taken it
     * @throws IllegalArgumentException as {@link Connection#send}
     */
    public int broadcast(String line, Predicate<? super Connection> filter) {
        return running.sessions().broadcast(line, filter);
    }

    /** Whether it should get clients: what its agent port tells HAProxy. */
    public ServerState state() {
        return running.metrics().state();
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
     * Its counters and gauges, read now, on the calling thread: some microseconds, and once a second milliseconds if there
     * are thousands of connections, to count file descriptors. Event loops do nothing for it.
     */
    public ServerMetrics metrics() {
        return running.metrics().read();
    }

    /**
     * Ends the server gracefully: it accepts no more connections, answers what was asked, closes the connections and leaves
     * the registry. Returns when that is done; connections that have not ended after {@link Builder#drainTimeout} are cut.
     * A second call waits for the first. If the calling thread is interrupted, they are cut at once. A function of a command,
     * or a listener, that keeps its event loop for 5 s longer is given up. When it returns, the loop closes its connections, or
     * the port, and its thread ends.
     *
     * <p>With an agent port this is a drain: the port answers {@code draining}; after {@link Builder#drainNotice} the server
     * closes its clients one by one over the rest of the drain timeout. As long as it has any it accepts connections, so
     * that health checks succeed; if nobody has asked the agent port, it stops accepting when it begins to close clients.
     *
     * @throws IllegalStateException on an event loop of this server, or the thread that owns its state, as in a {@link
     *     ServerListener}; a {@link PresenceListener} may call it
     */
    @Override
    public void close() {
        running.close();
    }

    /**
     * Options with their defaults. Setters return the builder, and throw {@link IllegalArgumentException} for a value that
     * is out of range, {@link NullPointerException} for null. Durations are zero or more; those over 70 years count as 70 years.
     */
    public static final class Builder {
        private final ServerOptions options = new ServerOptions();

        private Builder() {}

        /** Address or name to listen on; {@code 0.0.0.0} by default, that is all of this machine's addresses. */
        public Builder host(String host) {
            options.host = Objects.requireNonNull(host, "host");
            return this;
        }

        /** Port to listen on, 0 to 65535; 0 leaves the choice to the system. */
        public Builder port(int port) {
            options.port = OptionChecks.port(port, "port");
            return this;
        }

        /** What people call this server; by default the first eight characters of its id. */
        public Builder name(String name) {
            options.name = OptionChecks.name(name);
            return this;
        }

        /**
         * The {@code host:port} by which other servers and people know this one, {@link Member#address}: where they reach
         * it, which may not be where it listens. By default where it listens or, if that is all addresses of this machine, one
         * of them that is not loopback. A name is not looked up.
         */
        public Builder advertise(String address) {
            options.advertised = OptionChecks.advertised(address);
            return this;
        }

        /** Number of event loops, 1 or more; by default one for each processor. */
        public Builder loops(int loops) {
            options.loops = OptionChecks.loops(loops);
            return this;
        }

        /** Addresses whose connections begin with a PROXY header; none by default. */
        public Builder proxies(CidrSet proxies) {
            options.proxies = Objects.requireNonNull(proxies, "proxies");
            return this;
        }

        /**
         * Secures connections by TLS 1.3 and 1.2; none are by default. On a connection that begins with a PROXY header, TLS
         * begins after it. Needs tls-channel.
         */
        public Builder tls(TlsOptions files) {
            options.tls = Objects.requireNonNull(files, "files");
            return this;
        }

        /** How long a TLS handshake may take; 10 s by default, zero for no limit. */
        public Builder tlsTimeout(Duration timeout) {
            options.tlsTimeoutNanos = OptionChecks.nanos(timeout);
            return this;
        }

        /** Opens the registry; by default one in memory, of this server alone. Replaces {@link #cluster}. */
        public Builder registry(RegistryFactory registry) {
            options.registry = Objects.requireNonNull(registry, "registry");
            options.cluster = null;
            return this;
        }

        /**
         * Joins the cluster of all servers that share an etcd, with {@link ClusterSettings#DEFAULT}. The server starts whether
         * etcd answers or not; the listener is warned when it does not. Needs the libraries that talk to etcd.
         */
        public Builder cluster(EtcdOptions etcd) {
            return cluster(etcd, ClusterSettings.DEFAULT);
        }

        /** Joins a cluster with settings of its own, which all its servers have. */
        public Builder cluster(EtcdOptions etcd, ClusterSettings settings) {
            options.cluster = new JoinedCluster(
                    Objects.requireNonNull(etcd, "etcd"), Objects.requireNonNull(settings, "settings"));
            return this;
        }

        /** Hears what happens; none by default. */
        public Builder listener(ServerListener listener) {
            options.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /** Hears of each client from its greeting to its end; none by default. */
        public Builder connectionListener(ConnectionListener listener) {
            options.connections = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Adds a command to those that every server has. It is in {@code HELP}, and its arguments are read and refused as its
         * row says, as those of built-in commands are.
         *
         * @param row with one reply; see {@link CommandRow#of}
         * @param function answers it
         * @throws IllegalArgumentException if there is a command with the same words, or the row does not have exactly one
         *     reply
         */
        public Builder command(CommandRow row, CommandFunction function) {
            return add(row, CustomCommand.of(row, Objects.requireNonNull(function, "function")));
        }

        /**
         * Adds a command whose answer is always the same.
         *
         * @throws IllegalArgumentException as for {@link #command(CommandRow, CommandFunction)}
         */
        public Builder command(CommandRow row, CommandReply answer) {
            Objects.requireNonNull(answer, "answer");
            return command(row, (command, connection) -> answer);
        }

        /**
         * Adds a command whose answer takes a while.
         *
         * @throws IllegalArgumentException as for {@link #command(CommandRow, CommandFunction)}
         */
        public Builder commandAsync(CommandRow row, AsyncCommandFunction function) {
            return add(row, CustomCommand.later(row, Objects.requireNonNull(function, "function")));
        }

        private Builder add(CommandRow row, CustomCommand.Maker maker) {
            options.add(row, maker);
            return this;
        }

        /** How long an {@link AsyncCommandFunction} may take to answer; 30 s by default, zero for no limit. */
        public Builder commandTimeout(Duration timeout) {
            options.commandTimeoutNanos = OptionChecks.nanos(timeout);
            return this;
        }

        /**
         * How long a function of a command, or a method of a {@link ConnectionListener}, may keep its event loop before the
         * server's listener is warned, when it has returned, or within a second or so if it does not return; 100 ms by
         * default, zero for no warnings.
         */
        public Builder warnBlockedAfter(Duration time) {
            options.warnBlockedAfterNanos = OptionChecks.nanos(time);
            return this;
        }

        /**
         * The first line that a client gets; by default the usage line. Socketz's own client expects one that begins with
         * {@code use} and a blank.
         *
         * @throws IllegalArgumentException if it is not a line as for {@link CommandReply#line}
         */
        public Builder greeting(String line) {
            options.greeting = OptionChecks.greeting(line);
            return this;
        }

        /**
         * What a line that is not a command is answered, after {@code invalid command: }; by default {@code use 'WHY', 'WHO',
         * 'WHERE', 'QUIT'} and the program's own commands whose rows are {@link CommandRow#inUsageLine}.
         *
         * @throws IllegalArgumentException if it is not 1 to 1,000 bytes of UTF-8 without control characters
         */
        public Builder usage(String line) {
            options.usage = OptionChecks.usage(line);
            return this;
        }

        /** Longest request in bytes, without its line ending; 1024 by default. */
        public Builder maxLineLength(int bytes) {
            options.maxLineLength = OptionChecks.lineLength(bytes);
            return this;
        }

        /** Most connections at a time; 0, the default, for as many as the limit on open files allows. */
        public Builder maxConnections(int connections) {
            options.maxConnections = OptionChecks.connections(connections);
            return this;
        }

        /** Most connections at a time from one client address; 0, the default, for no limit. */
        public Builder maxPerAddress(int connections) {
            options.maxPerAddress = OptionChecks.perAddress(connections);
            return this;
        }

        /**
         * Most bytes that the server holds for its clients, over all connections: requests that it has read and not decoded,
         * and replies that clients have not taken. By default a quarter of the maximum heap. While it holds more, it closes
         * the client that has taken nothing for longest.
         */
        public Builder maxOutbound(long bytes) {
            options.maxOutboundBytes = OptionChecks.outboundBytes(bytes);
            return this;
        }

        /** How long a client may send nothing after it has connected; zero, the default, for no limit. */
        public Builder firstByteTimeout(Duration timeout) {
            options.firstByteTimeoutNanos = OptionChecks.nanos(timeout);
            return this;
        }

        /** How long a client may send nothing after it has sent something; zero, the default, for no limit. */
        public Builder idleTimeout(Duration timeout) {
            options.idleTimeoutNanos = OptionChecks.nanos(timeout);
            return this;
        }

        /**
         * How long a client may need to take 64 KiB of the replies that wait for it, or all there are; 10 s by default, zero
         * for no limit.
         */
        public Builder outboundTimeout(Duration timeout) {
            options.outboundTimeoutNanos = OptionChecks.nanos(timeout);
            return this;
        }

        /** How long a proxy may take to send its header; 3 s by default, zero for no limit. */
        public Builder proxyTimeout(Duration timeout) {
            options.proxyTimeoutNanos = OptionChecks.nanos(timeout);
            return this;
        }

        /**
         * Port, on the same address, that answers HAProxy's agent checks, 0 to 65535; 0 leaves the choice to the system. With
         * it, {@link SocketzServer#close} is a drain. None by default.
         */
        public Builder agentPort(int port) {
            options.agentPort = OptionChecks.port(port, "agent port");
            return this;
        }

        /**
         * Port that shows the server to operators over HTTP: health, metrics, who is connected, and a page; 0 to 65535, and 0
         * leaves the choice to the system. It changes nothing, and asks for no password. None by default. Needs
         * Jackson, and Prometheus's library for {@code /metrics}.
         */
        public Builder adminPort(int port) {
            options.adminPort = OptionChecks.port(port, "admin port");
            return this;
        }

        /** Address or name for {@link #adminPort} to listen on; {@code localhost} by default, so that only this machine sees it. */
        public Builder adminHost(String host) {
            options.adminHost = Objects.requireNonNull(host, "host");
            return this;
        }

        /**
         * File with the tokens of administrators, for {@code AUTH}: a line for each, the SHA-256 of the token in hexadecimal
         * digits. It is read again when it changes. None by default: nobody is an administrator.
         */
        public Builder adminTokens(Path file) {
            options.adminTokens = Objects.requireNonNull(file, "file");
            return this;
        }

        /** How long {@link SocketzServer#close} waits for a loop that is stuck; 5 s by default. Tests shorten it. */
        Builder giveUpAfter(Duration time) {
            options.giveUpNanos = OptionChecks.nanos(time);
            return this;
        }

        /** How long a wrong token takes; 1 s by default. Tests shorten it, or make it last. */
        Builder wrongTokenTime(Duration time) {
            options.wrongTokenNanos = OptionChecks.nanos(time);
            return this;
        }

        /**
         * How often the server compares its connections with its part of the roster, and that with its keys in the store; 30 s
         * by default, zero for never. What differs is repaired, and is a warning of the {@link ServerListener}.
         */
        public Builder auditInterval(Duration interval) {
            options.auditIntervalNanos = OptionChecks.nanos(interval);
            return this;
        }

        /**
         * How long a server that is drained serves as before while its agent port answers {@code draining}; 2 s by default. At
         * most half the drain timeout; nothing if nobody has asked that port for 10 s, or for as long as this notice if that
         * is longer.
         */
        public Builder drainNotice(Duration notice) {
            options.drainNoticeNanos = OptionChecks.nanos(notice);
            return this;
        }

        /** How long {@link SocketzServer#close} waits for connections to end; 20 s by default, zero to cut them at once. */
        public Builder drainTimeout(Duration timeout) {
            options.drainTimeoutNanos = OptionChecks.nanos(timeout);
            return this;
        }

        /**
         * Lets clients go while this server has more than its share of the cluster's clients, after the servers and their
         * clients have stayed about the same for {@code quiet}; off by default. Needs an {@link #agentPort}, by which HAProxy
         * learns where the clients should go, and does nothing without a cluster. Only clients that come through a proxy go.
         */
        public Builder rebalanceAfter(Duration quiet) {
            options.rebalanceAfterNanos = OptionChecks.nanos(quiet);
            return this;
        }

        /**
         * Starts the server.
         *
         * @throws UnknownHostException if the host has no address
         * @throws AdminTokensException if the file with the tokens of administrators cannot be used
         * @throws ListenException if a port is in use or not allowed, or the address is not one of this machine
         * @throws IllegalArgumentException if the usage line, made of the rows that it names, is no line: set it; or if it is to
         *     rebalance, and has no agent port
         * @throws IllegalStateException if the server is to join a {@link #cluster}, and the libraries that talk to etcd are
         *     missing, or it has an admin port, and the libraries for that are
         * @throws IOException if the system does not provide what a server needs
         */
        public SocketzServer start() throws IOException {
            return new SocketzServer(ServerStart.start(options));
        }
    }
}
