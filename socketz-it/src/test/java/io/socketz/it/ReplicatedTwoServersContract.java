package io.socketz.it;

import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.StateThread;
import io.socketz.state.TwoServersContract;
import io.socketz.state.etcd.ClusterSettings;
import io.socketz.state.etcd.EtcdRegistry;
import io.socketz.state.etcd.EtcdRegistryListener;
import io.socketz.state.etcd.transport.EtcdOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** What two servers promise each other, on a real etcd of three members. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ReplicatedTwoServersContract extends TwoServersContract {
    private static final AtomicInteger TESTS = new AtomicInteger();

    private static EtcdCluster cluster;

    /** The first server's way to etcd. */
    private static TcpProxy proxy;

    /** Of the servers that are still to be opened. */
    private final Queue<Way> ways;

    /** Every test has keys of its own. */
    private final String prefix = "/contract" + TESTS.incrementAndGet();

    ReplicatedTwoServersContract(Way first, Way second) {
        this.ways = new ArrayDeque<>(List.of(first, second));
    }

    @BeforeAll
    static void startEtcd() {
        cluster = EtcdCluster.start(3);
        proxy = TcpProxy.to(cluster.endpoint(0));
    }

    @AfterAll
    static void stopEtcd() {
        proxy.close();
        cluster.close();
    }

    @Override
    protected Registry open(Member self, StateThread state) {
        Way way = ways.remove();
        List<URI> endpoints = ways.isEmpty() ? cluster.endpoints() : List.of(proxy.endpoint());
        return EtcdRegistry.factory(
                        new ClusterSettings(prefix, Duration.ofSeconds(5)),
                        owner -> way.open(EtcdOptions.of(endpoints), owner),
                        EtcdRegistryListener.NONE)
                .open(self, state);
    }

    @Override
    protected void breakConnections() {
        proxy.cut();
        proxy.resume();
    }
}
