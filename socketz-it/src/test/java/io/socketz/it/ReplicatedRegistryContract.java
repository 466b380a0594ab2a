package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.RegistryContract;
import io.socketz.state.StateThread;
import io.socketz.state.etcd.ClusterSettings;
import io.socketz.state.etcd.EtcdRegistry;
import io.socketz.state.etcd.EtcdRegistryListener;
import io.socketz.state.etcd.transport.EtcdOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The contract of registries, on a real etcd of three members. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class ReplicatedRegistryContract extends RegistryContract {
    private static final AtomicInteger TESTS = new AtomicInteger();

    private static EtcdCluster cluster;

    private final Way way;

    /** Every test has keys of its own. */
    private final String prefix = "/contract" + TESTS.incrementAndGet();

    ReplicatedRegistryContract(Way way) {
        this.way = way;
    }

    @BeforeAll
    static void startEtcd() {
        cluster = EtcdCluster.start(3);
    }

    @AfterAll
    static void stopEtcd() {
        cluster.close();
    }

    @Override
    protected Registry open(Member self, StateThread state) {
        return EtcdRegistry.factory(
                        new ClusterSettings(prefix, Duration.ofSeconds(5)),
                        owner -> way.open(EtcdOptions.of(cluster.endpoints()), owner),
                        EtcdRegistryListener.NONE)
                .open(self, state);
    }

    /** A fresh roster shows that everything has been read, and the watch has begun. */
    @Override
    protected void settle() {
        fresh();
    }

    @Test
    void itsCloseLeavesNothingInEtcd() {
        Client gone = join(1);
        for (int i = 0; i < 300; i++) {
            join(i);
        }
        registry.leave(gone);
        settle();
        assertThat(keys()).contains("/members/");
        registry.close();
        assertThat(keys()).isEmpty();
    }

    @Test
    void theStateThreadStaysOpenWhenTheRegistryIsClosed() {
        settle();
        registry.close();
        assertThat(Await.get(CompletableFuture.supplyAsync(() -> true, state))).isTrue();
    }

    private String keys() {
        return cluster.etcdctl("get", "--prefix", "--keys-only", prefix);
    }
}
