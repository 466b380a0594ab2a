package io.socketz.it;

import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransportContract;
import io.socketz.state.jetcd.JetcdTransport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of transports, through jetcd, on a real etcd. */
final class JetcdTransportIT extends EtcdTransportContract {
    private static EtcdCluster cluster;

    @BeforeAll
    static void startEtcd() {
        cluster = EtcdCluster.start(1);
    }

    @AfterAll
    static void stopEtcd() {
        cluster.close();
    }

    @Override
    protected EtcdTransport open(EtcdTransport.CallbackExecutor owner) {
        return new JetcdTransport(EtcdOptions.of(cluster.endpoints()), owner);
    }

    @Override
    protected void compact(long revision) {
        cluster.etcdctl("compact", Long.toString(revision));
    }
}
