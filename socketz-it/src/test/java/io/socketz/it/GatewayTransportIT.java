package io.socketz.it;

import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransportContract;
import io.socketz.state.gateway.GatewayTransport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The gateway on a real etcd. */
final class GatewayTransportIT extends EtcdTransportContract {
    private static EtcdCluster etcd;

    @BeforeAll
    static void startEtcd() {
        etcd = EtcdCluster.start(1);
    }

    @AfterAll
    static void stopEtcd() {
        etcd.close();
    }

    @Override
    protected EtcdTransport open(EtcdTransport.CallbackExecutor owner) {
        return new GatewayTransport(EtcdOptions.of(etcd.endpoints()), owner);
    }

    @Override
    protected void compact(long revision) {
        etcd.etcdctl("compaction", Long.toString(revision));
    }
}
