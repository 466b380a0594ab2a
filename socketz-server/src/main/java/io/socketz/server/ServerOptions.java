package io.socketz.server;

import io.socketz.protocol.address.CidrSet;
import io.socketz.protocol.line.LineFramer;
import io.socketz.server.event.ServerListener;
import io.socketz.server.session.Limits;
import io.socketz.state.RegistryFactory;
import io.socketz.state.memory.MemoryRegistry;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The options of a server and their defaults; {@link SocketzServer.Builder} says what they mean. Times are in nanoseconds. */
final class ServerOptions {
    String host = "0.0.0.0";
    int port = SocketzServer.DEFAULT_PORT;
    String name = "";

    @Nullable
    String advertised;

    int loops = Runtime.getRuntime().availableProcessors();
    CidrSet proxies = CidrSet.NONE;
    RegistryFactory registry = MemoryRegistry::new;
    ServerListener listener = ServerListener.NONE;
    int maxLineLength = LineFramer.DEFAULT_MAX_LENGTH;
    int maxConnections;
    int maxPerAddress;
    long maxOutbound = Runtime.getRuntime().maxMemory() / 4;
    long firstByteTimeout;
    long idleTimeout;
    long outboundTimeout = TimeUnit.SECONDS.toNanos(10);
    long proxyTimeout = TimeUnit.SECONDS.toNanos(3);
    long drainTimeout = TimeUnit.SECONDS.toNanos(20);

    @Nullable
    Integer agentPort;

    long drainNotice = TimeUnit.SECONDS.toNanos(2);

    Limits limits() {
        return new Limits(maxLineLength, firstByteTimeout, idleTimeout, outboundTimeout, proxyTimeout);
    }
}
