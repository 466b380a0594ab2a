package io.socketz.server;

import io.socketz.protocol.request.CommandRow;
import io.socketz.server.admin.AdminListener;
import io.socketz.server.admin.AdminPort;
import io.socketz.server.admin.AdminSource;
import io.socketz.server.audit.AuditCommand;
import io.socketz.server.audit.Audits;
import io.socketz.server.audit.SelfAudit;
import io.socketz.server.command.AdminTokens;
import io.socketz.server.command.CommandHandler;
import io.socketz.server.command.CommandService;
import io.socketz.server.command.QueryThread;
import io.socketz.server.command.WhoText;
import io.socketz.server.event.ServerListener;
import io.socketz.server.haproxy.AgentPort;
import io.socketz.server.haproxy.Drain;
import io.socketz.server.haproxy.Readiness;
import io.socketz.server.haproxy.Rebalancer;
import io.socketz.server.nio.Acceptor;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.nio.FileDescriptors;
import io.socketz.server.nio.SocketOptions;
import io.socketz.server.nio.SpareDescriptors;
import io.socketz.server.nio.TlsSettings;
import io.socketz.server.session.Admission;
import io.socketz.server.session.Counters;
import io.socketz.server.session.HeldMemory;
import io.socketz.server.session.SessionContext;
import io.socketz.server.session.SessionDispatcher;
import io.socketz.server.session.Sessions;
import io.socketz.server.watch.WatchCommands;
import io.socketz.server.watch.WatchHub;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.StateThread;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Makes the parts of a server, connects them, and starts it. What was opened is closed again if the start fails. */
final class ServerStart {
    private final ServerOptions options;
    private final ServerListener listener;
    private final SlowCalls slowCalls;
    private final Opened opened;

    private ServerStart(ServerOptions options, Opened opened) {
        this.options = options;
        this.listener = new GuardedServerListener(options.listener);
        this.slowCalls = new SlowCalls(options.warnBlockedAfterNanos, listener);
        this.opened = opened;
    }

    /** As {@link SocketzServer.Builder#start}. */
    static RunningServer start(ServerOptions options) throws IOException {
        FileDescriptors.check(options.loops);
        if (options.rebalanceAfterNanos != null && options.agentPort == null) {
            throw new IllegalArgumentException("rebalancing needs an agent port");
        }
        InetSocketAddress wanted = new InetSocketAddress(options.host, options.port);
        if (options.host.isBlank() || wanted.isUnresolved()) {
            throw new UnknownHostException(
                    "cannot listen on '" + options.host + "': no address is known for that name");
        }
        try (Opened opened = new Opened()) {
            RunningServer server = new ServerStart(options, opened).listen(wanted);
            opened.release();
            return server;
        }
    }

    private @Nullable AdminTokens adminTokens() throws AdminTokensException {
        if (options.adminTokens == null) {
            return null;
        }
        try {
            return AdminTokens.open(options.adminTokens, options.wrongTokenNanos, listener::onWarning);
        } catch (IOException e) {
            throw new AdminTokensException(e);
        }
    }

    private @Nullable TlsSettings tls(Executor threads) throws TlsException {
        TlsOptions files = options.tls;
        if (files == null) {
            return null;
        }
        TlsCredentials credentials = new TlsCredentials(files, threads, listener::onWarning);
        try {
            return new TlsSettings(credentials, files.clientAuthority() != null, threads);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("TLS needs tls-channel on the class path", e);
        }
    }

    private RunningServer listen(InetSocketAddress wanted) throws IOException {
        ServerSocketChannel channel = opened.keep(ServerSocketChannel.open());
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SocketOptions.RECEIVE_BUFFER_BYTES);
        ListenException.listen(channel, ListenException.Port.CLIENTS, wanted, Acceptor.QUEUE_LENGTH);
        ServerSocketChannel agentChannel = bindAgentPort(wanted.getAddress());
        return serve(channel, bound(channel, wanted.getAddress()), agentChannel, bindAdminPort());
    }

    private @Nullable ServerSocketChannel bindAgentPort(InetAddress host) throws IOException {
        if (options.agentPort == null) {
            return null;
        }
        ServerSocketChannel channel = opened.keep(ServerSocketChannel.open());
        // 0: the system's own length of the queue
        ListenException.listen(channel, ListenException.Port.AGENT, new InetSocketAddress(host, options.agentPort), 0);
        return channel;
    }

    private Optional<AdminPort> bindAdminPort() throws IOException {
        if (options.adminPort == null) {
            return Optional.empty();
        }
        InetSocketAddress wanted = new InetSocketAddress(options.adminHost, options.adminPort);
        if (wanted.isUnresolved()) {
            throw new ListenException(
                    ListenException.Port.ADMIN, wanted, new UnknownHostException("no address is known for that name"));
        }
        try {
            return Optional.of(opened.keep(AdminListener.bind(wanted, listener::onWarning)));
        } catch (IOException e) {
            throw new ListenException(ListenException.Port.ADMIN, wanted, e);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("an admin port needs the module jdk.httpserver (--add-modules)", e);
        }
    }

    /** With the address that was asked for: the channel itself would call 0.0.0.0 by its IPv6 name. */
    private static InetSocketAddress bound(ServerSocketChannel channel, InetAddress host) throws IOException {
        return new InetSocketAddress(host, ((InetSocketAddress) channel.getLocalAddress()).getPort());
    }

    private RunningServer serve(
            ServerSocketChannel channel,
            InetSocketAddress address,
            @Nullable ServerSocketChannel agentChannel,
            Optional<AdminPort> admin)
            throws IOException {
        AdminTokens tokens = adminTokens();
        TlsThreads tlsThreads = opened.keep(new TlsThreads(options.loops + 1));
        TlsSettings tls = tls(tlsThreads);
        Member self = self(address, admin.map(AdminPort::address));
        listener.onStarting(self);
        List<EventLoop> loops = loops();
        StateThread state = opened.keep(new StateThread("socketz-state"));
        Registry registry = opened.keep(options.registry(listener).open(self, state));
        QueryThread queries = opened.keep(new QueryThread("socketz-query"));
        PresenceFeed presence = opened.keep(new PresenceFeed(registry, state, listener));
        // Before what is left of them is counted.
        SpareDescriptors spares = opened.keep(new SpareDescriptors(Acceptor.SPARES));
        SpareDescriptors agentSpares =
                opened.keep(new SpareDescriptors(agentChannel == null ? 0 : AgentPort.MAX_PEERS));
        WatchHub watches = new WatchHub(registry, state, queries);
        Sessions sessions = new Sessions(loops);
        registry.onKick(sessions);
        Audits audits = new Audits(registry, sessions, queries, listener);
        SessionContext context = new SessionContext(
                options.limits(),
                options.proxies,
                tls,
                registry,
                new CommandService(
                        self,
                        options.wording(),
                        registry,
                        new WhoText(registry, state),
                        tokens,
                        queries,
                        handlers(watches, new AuditCommand(self, audits))),
                watches,
                sessions,
                admission(),
                new HeldMemory(options.maxOutboundBytes),
                new Counters(),
                listener,
                GuardedConnectionListener.of(options.connections, listener, slowCalls));
        SessionDispatcher dispatcher = new SessionDispatcher(loops, context);
        Acceptor acceptor = new Acceptor(channel, spares, loops.get(0), dispatcher, listener);
        Readiness readiness = new Readiness(registry, System.nanoTime());
        AgentPort agent = agentChannel == null
                ? null
                : new AgentPort(agentChannel, agentSpares, loops, context.admission(), readiness, listener);
        Drain drain = agent == null ? null : drain(loops, acceptor, agent, context.admission(), self);
        Rebalancer rebalancer = rebalancer(loops, registry, readiness, agent);
        Optional<InetSocketAddress> agentAddress =
                agentChannel == null ? Optional.empty() : Optional.of(bound(agentChannel, address.getAddress()));
        MetricsReader metrics = new MetricsReader(
                loops,
                dispatcher.requests(),
                context,
                acceptor,
                audits,
                readiness,
                () -> rebalancer != null && rebalancer.isActive());
        // Before the loops: a library that is missing ends the start.
        admin.ifPresent(port -> serve(
                port,
                new AdminSource(
                        self,
                        loops,
                        context.commands(),
                        metrics::read,
                        registry::metrics,
                        presence::roster,
                        listener -> state.execute(() -> registry.changes().listen(listener)),
                        watches::end)));
        loops.forEach(EventLoop::start);
        if (rebalancer != null) {
            rebalancer.start();
        }
        if (options.runsCodeOnLoops()) {
            slowCalls.watch(state);
        }
        if (options.auditIntervalNanos > 0) {
            new SelfAudit(audits, state, options.auditIntervalNanos)
                    .start(ThreadLocalRandom.current().nextDouble());
        }
        return new RunningServer(
                self,
                address,
                agentAddress,
                context.admission(),
                context.counters(),
                metrics,
                presence,
                sessions,
                new ServerShutdown(
                        readiness,
                        loops,
                        queries,
                        state,
                        registry,
                        presence,
                        tlsThreads,
                        options.drainTimeoutNanos,
                        options.giveUpNanos,
                        drain),
                admin);
    }

    private static void serve(AdminPort admin, AdminSource source) {
        try {
            admin.serve(source);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException("an admin port needs jackson-core on the class path", e);
        }
    }

    /** What answers the commands that are not of the package {@code command}. */
    private Map<CommandRow, CommandHandler> handlers(WatchHub watches, AuditCommand audit) {
        Map<CommandRow, CommandHandler> handlers = new HashMap<>(new WatchCommands(watches).handlers());
        handlers.putAll(audit.handlers());
        options.commands.forEach(
                (row, maker) -> handlers.put(row, maker.make(listener, options.commandTimeoutNanos, slowCalls)));
        return handlers;
    }

    private Member self(InetSocketAddress address, Optional<InetSocketAddress> admin) {
        UUID id = UUID.randomUUID();
        return new Member(
                id,
                options.name.isEmpty() ? id.toString().substring(0, 8) : options.name,
                options.advertised == null ? AdvertisedAddress.of(address) : options.advertised,
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                admin.filter(port -> isReachable(port, address)).map(AdvertisedAddress::of));
    }

    /** Whether those who reach the server can reach its admin port. */
    private static boolean isReachable(InetSocketAddress admin, InetSocketAddress server) {
        return !admin.getAddress().isLoopbackAddress() || server.getAddress().isLoopbackAddress();
    }

    private List<EventLoop> loops() throws IOException {
        List<EventLoop> loops = new ArrayList<>();
        for (int i = 0; i < options.loops; i++) {
            EventLoop loop = new EventLoop("socketz-loop-" + i, listener);
            opened.keep(loop::discard);
            loops.add(loop);
        }
        return loops;
    }

    private Admission admission() {
        FileDescriptors left = FileDescriptors.left();
        int most = options.maxConnections == 0 ? left.clients() : Math.min(options.maxConnections, left.clients());
        if (most < options.maxConnections) {
            listener.onWarning("the limit on open files (ulimit -n) leaves room for " + most
                    + " connections, not for the " + options.maxConnections + " of --max-connections");
        }
        return new Admission(most, left.reserve(), options.maxPerAddress);
    }

    private Drain drain(List<EventLoop> loops, Acceptor acceptor, AgentPort agent, Admission admission, Member self) {
        return new Drain(loops, acceptor, agent, admission, options.drainNoticeNanos, seed(self));
    }

    private @Nullable Rebalancer rebalancer(
            List<EventLoop> loops, Registry registry, Readiness readiness, @Nullable AgentPort agent) {
        if (options.rebalanceAfterNanos == null || agent == null) {
            return null;
        }
        return new Rebalancer(
                loops,
                registry,
                readiness,
                agent,
                options.rebalanceAfterNanos,
                options.drainNoticeNanos,
                listener,
                seed(registry.self()));
    }

    /** The id, which the console shows: so the order and the times in which clients are closed can be reproduced. */
    private static long seed(Member self) {
        return self.id().getLeastSignificantBits();
    }
}
