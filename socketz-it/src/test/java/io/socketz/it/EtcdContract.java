package io.socketz.it;

import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Request;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** What the contracts with their own etcd share; each class of tests starts one. */
@Timeout(120)
abstract class EtcdContract {
    @SuppressWarnings("NullAway.Init") // by each contract, before all its tests
    static EtcdCluster cluster;

    private final Way way;
    private final List<TransportProbe> probes = new ArrayList<>();

    EtcdContract(Way way) {
        this.way = way;
    }

    @AfterAll
    static void stopEtcd() {
        cluster.close();
    }

    @AfterEach
    final void closeTransports() {
        probes.forEach(TransportProbe::close);
        probes.clear();
    }

    /** Opens a transport, which is closed after the test. */
    final TransportProbe open(EtcdOptions options) {
        TransportProbe probe = new TransportProbe(owner -> way.open(options, owner));
        probes.add(probe);
        return probe;
    }

    static final Request<Long> keepAlive(long lease) {
        return (transport, answer) -> transport.keepAlive(lease, answer);
    }
}
