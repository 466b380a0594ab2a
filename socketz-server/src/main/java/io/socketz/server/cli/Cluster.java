package io.socketz.server.cli;

import io.socketz.server.SocketzServer;
import io.socketz.state.etcd.ClusterSettings;
import io.socketz.state.etcd.EtcdRegistry;
import io.socketz.state.etcd.EtcdRegistryListener;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.gateway.GatewayTransport;
import io.socketz.state.jetcd.JetcdTransport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The cluster that a server is to join. Apart from {@link ClusterOptions}, so that a server alone loads nothing of it.
 *
 * @param gateway whether etcd is reached by its JSON gateway rather than by gRPC
 * @param advertised {@code host:port} by which others know the server; null for the default
 */
record Cluster(
        boolean gateway,
        EtcdOptions etcd,
        ClusterSettings settings,
        @Nullable String advertised) {
    /** Tells a server to be started to join. */
    void join(SocketzServer.Builder server, EtcdRegistryListener listener) {
        if (advertised != null) {
            server.advertise(advertised);
        }
        server.registry(EtcdRegistry.factory(settings, transport(), listener));
    }

    private Function<EtcdTransport.CallbackExecutor, EtcdTransport> transport() {
        return gateway ? owner -> new GatewayTransport(etcd, owner) : owner -> new JetcdTransport(etcd, owner);
    }
}
