package io.socketz.server.cli;

import io.socketz.server.SocketzServer;
import io.socketz.state.etcd.ClusterSettings;
import io.socketz.state.etcd.EtcdRegistry;
import io.socketz.state.etcd.EtcdRegistryListener;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.gateway.GatewayTransport;
import io.socketz.state.jetcd.JetcdTransport;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cluster that a server joins. Separate from {@link ClusterOptions}, so that a stand-alone server loads no class of it.
 *
 * @param gateway whether to reach etcd through its JSON gateway, rather than by gRPC
 * @param advertised {@code host:port} by which others know the server; null for the default
 */
record Cluster(
        boolean gateway,
        EtcdOptions etcd,
        ClusterSettings settings,
        @Nullable String advertised) {
    /** Lets {@code server} join the cluster when it starts. */
    void join(SocketzServer.Builder server, EtcdRegistryListener listener) {
        if (advertised != null) {
            server.advertise(advertised);
        }
        server.registry(EtcdRegistry.factory(settings, owner -> transport(etcd, owner), listener));
    }

    /** The way to one of the etcds, without the others. */
    EtcdTransport transport(URI endpoint, EtcdTransport.CallbackExecutor owner) {
        return transport(
                new EtcdOptions(
                        List.of(endpoint),
                        etcd.user(),
                        etcd.password(),
                        etcd.authority(),
                        etcd.certificate(),
                        etcd.key()),
                owner);
    }

    private EtcdTransport transport(EtcdOptions options, EtcdTransport.CallbackExecutor owner) {
        return gateway ? new GatewayTransport(options, owner) : new JetcdTransport(options, owner);
    }
}
