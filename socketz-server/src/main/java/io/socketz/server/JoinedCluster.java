package io.socketz.server;

import io.socketz.server.event.ServerListener;
import io.socketz.state.RegistryFactory;
import io.socketz.state.etcd.ClusterSettings;
import io.socketz.state.etcd.EtcdRegistry;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.jetcd.JetcdTransport;

/**
 * The cluster that a server joins, over gRPC. Apart from what starts a server, so that one in memory loads none of the
 * libraries that talk to etcd.
 */
record JoinedCluster(EtcdOptions etcd, ClusterSettings settings) {
    /**
     * Opens the registry.
     *
     * @param listener is warned when etcd does not do what it should
     */
    RegistryFactory registry(ServerListener listener) {
        RegistryFactory factory = EtcdRegistry.factory(
                settings, callbacks -> new JetcdTransport(etcd, callbacks), new EtcdWarnings(listener));
        return (self, state) -> {
            try {
                return factory.open(self, state);
            } catch (NoClassDefFoundError e) {
                throw new IllegalStateException(
                        "a cluster needs the libraries that talk to etcd, jetcd-core and grpc-netty-shaded, on the class path",
                        e);
            }
        };
    }
}
