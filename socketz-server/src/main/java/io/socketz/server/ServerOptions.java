package io.socketz.server;

import io.socketz.protocol.address.CidrSet;
import io.socketz.protocol.line.LineFramer;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.CommandTable;
import io.socketz.server.command.Wording;
import io.socketz.server.event.ConnectionListener;
import io.socketz.server.event.ServerListener;
import io.socketz.server.session.Limits;
import io.socketz.state.RegistryFactory;
import io.socketz.state.memory.MemoryRegistry;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The options of a server and their defaults; {@link SocketzServer.Builder} says what they mean. */
final class ServerOptions {
    String host = "0.0.0.0";
    int port = SocketzServer.DEFAULT_PORT;
    String name = "";

    @Nullable
    String advertised;

    int loops = Runtime.getRuntime().availableProcessors();
    CidrSet proxies = CidrSet.NONE;

    /** Null for connections that are not secured. */
    @Nullable
    TlsOptions tls;

    RegistryFactory registry = MemoryRegistry::new;

    /** Null for {@link #registry}. */
    @Nullable
    JoinedCluster cluster;

    ServerListener listener = ServerListener.NONE;
    ConnectionListener connections = ConnectionListener.NONE;

    /** The commands of the program, in the order in which help shows them. */
    final Map<CommandRow, CustomCommand.Maker> commands = new LinkedHashMap<>();

    /** Null for the default: the usage line. */
    @Nullable
    String greeting;

    /** Null for the default, which names the rows of the table that are to be named. */
    @Nullable
    String usage;

    long commandTimeoutNanos = TimeUnit.SECONDS.toNanos(30);
    long warnBlockedAfterNanos = TimeUnit.MILLISECONDS.toNanos(100);
    int maxLineLength = LineFramer.DEFAULT_MAX_LENGTH;
    int maxConnections;
    int maxPerAddress;
    long maxOutboundBytes = Runtime.getRuntime().maxMemory() / 4;
    long firstByteTimeoutNanos;
    long idleTimeoutNanos;
    long outboundTimeoutNanos = TimeUnit.SECONDS.toNanos(10);
    long proxyTimeoutNanos = TimeUnit.SECONDS.toNanos(3);
    long tlsTimeoutNanos = TimeUnit.SECONDS.toNanos(10);
    long giveUpNanos = TimeUnit.SECONDS.toNanos(5);
    long drainTimeoutNanos = TimeUnit.SECONDS.toNanos(20);

    @Nullable
    Integer agentPort;

    String adminHost = "localhost";

    /** Null for no admin port. */
    @Nullable
    Integer adminPort;

    @Nullable
    Path adminTokens;

    long wrongTokenNanos = TimeUnit.SECONDS.toNanos(1);
    long auditIntervalNanos = TimeUnit.SECONDS.toNanos(30);

    /** Null for no rebalancing. */
    @Nullable
    Long rebalanceAfterNanos;

    long drainNoticeNanos = TimeUnit.SECONDS.toNanos(2);

    RegistryFactory registry(ServerListener warned) {
        return cluster == null ? registry : cluster.registry(warned);
    }

    /** @throws IllegalArgumentException if there is a command with the same words */
    void add(CommandRow row, CustomCommand.Maker maker) {
        boolean known = Stream.concat(BuiltInCommands.TABLE.rows().stream(), commands.keySet().stream())
                .anyMatch(each -> each.words().equals(row.words()));
        if (known) {
            throw new IllegalArgumentException("two commands are called " + row.words());
        }
        commands.put(row, maker);
    }

    /** Whether event loops call code of the program. */
    boolean runsCodeOnLoops() {
        return !commands.isEmpty() || connections != ConnectionListener.NONE;
    }

    Wording wording() {
        CommandTable table = BuiltInCommands.TABLE.with(List.copyOf(commands.keySet()));
        String used = usage == null ? table.usage() : usage;
        return new Wording(table, greeting == null ? used : greeting, used, maxLineLength);
    }

    Limits limits() {
        return new Limits(
                maxLineLength,
                firstByteTimeoutNanos,
                idleTimeoutNanos,
                outboundTimeoutNanos,
                proxyTimeoutNanos,
                tlsTimeoutNanos);
    }
}
