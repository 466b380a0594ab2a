package io.socketz.server;

import io.socketz.server.command.CommandService;
import io.socketz.server.command.WhoText;
import io.socketz.server.event.ServerListener;
import io.socketz.server.haproxy.AgentPort;
import io.socketz.server.haproxy.Drain;
import io.socketz.server.haproxy.Readiness;
import io.socketz.server.nio.Acceptor;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.nio.FileDescriptors;
import io.socketz.server.nio.SocketOptions;
import io.socketz.server.nio.SpareDescriptors;
import io.socketz.server.session.Admission;
import io.socketz.server.session.Counters;
import io.socketz.server.session.HeldMemory;
import io.socketz.server.session.SessionContext;
import io.socketz.server.session.SessionDispatcher;
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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes the parts of a server, connects them, and starts it. What was opened is closed again if the start fails. */
final class ServerStart {
    private final ServerOptions options;
    private final ServerListener listener;
    private final Opened opened;

    private ServerStart(ServerOptions options, Opened opened) {
        this.options = options;
        this.listener = new GuardedServerListener(options.listener);
        this.opened = opened;
    }

    /** As {@link SocketzServer.Builder#start}. */
    static RunningServer start(ServerOptions options) throws IOException {
        FileDescriptors.check(options.loops);
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

    private RunningServer listen(InetSocketAddress wanted) throws IOException {
        ServerSocketChannel channel = opened.keep(ServerSocketChannel.open());
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SocketOptions.RECEIVE_BUFFER_BYTES);
        ListenException.listen(channel, ListenException.Port.CLIENTS, wanted, Acceptor.QUEUE_LENGTH);
        ServerSocketChannel agentChannel = bindAgentPort(wanted.getAddress());
        return serve(channel, bound(channel, wanted.getAddress()), agentChannel);
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

    /** With the address that was asked for: the channel itself would call 0.0.0.0 by its IPv6 name. */
    private static InetSocketAddress bound(ServerSocketChannel channel, InetAddress host) throws IOException {
        return new InetSocketAddress(host, ((InetSocketAddress) channel.getLocalAddress()).getPort());
    }

    private RunningServer serve(
            ServerSocketChannel channel, InetSocketAddress address, @Nullable ServerSocketChannel agentChannel)
            throws IOException {
        Member self = self(address);
        List<EventLoop> loops = loops();
        StateThread state = opened.keep(new StateThread("socketz-state"));
        Registry registry = opened.keep(options.registry.open(self, state));
        // Before what is left of them is counted.
        SpareDescriptors spares = opened.keep(new SpareDescriptors(Acceptor.SPARES));
        SpareDescriptors agentSpares =
                opened.keep(new SpareDescriptors(agentChannel == null ? 0 : AgentPort.MAX_PEERS));
        SessionContext context = new SessionContext(
                options.limits(),
                options.proxies,
                registry,
                new CommandService(self.id(), options.maxLineLength, new WhoText(registry, state)),
                admission(),
                new HeldMemory(options.maxOutbound),
                new Counters(),
                listener);
        Acceptor acceptor =
                new Acceptor(channel, spares, loops.get(0), new SessionDispatcher(loops, context), listener);
        Drain drain = agentChannel == null ? null : drain(agentChannel, agentSpares, loops, acceptor, context, self);
        Optional<InetSocketAddress> agentAddress =
                agentChannel == null ? Optional.empty() : Optional.of(bound(agentChannel, address.getAddress()));
        loops.forEach(EventLoop::start);
        return new RunningServer(
                self,
                address,
                agentAddress,
                context.admission(),
                context.counters(),
                new ServerShutdown(loops, state, registry, options.drainTimeout, drain));
    }

    private Member self(InetSocketAddress address) {
        UUID id = UUID.randomUUID();
        return new Member(
                id,
                options.name.isEmpty() ? id.toString().substring(0, 8) : options.name,
                options.advertised == null ? AdvertisedAddress.of(address) : options.advertised,
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
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

    private Drain drain(
            ServerSocketChannel channel,
            SpareDescriptors spares,
            List<EventLoop> loops,
            Acceptor acceptor,
            SessionContext context,
            Member self)
            throws IOException {
        Readiness readiness = new Readiness(context.registry(), System.nanoTime());
        AgentPort agent = new AgentPort(channel, spares, loops, context.admission(), readiness, listener);
        // Seeded by the id, which the console shows, so that the order and the times can be reproduced.
        long seed = self.id().getLeastSignificantBits();
        return new Drain(loops, acceptor, agent, context.admission(), options.drainNotice, seed);
    }
}
