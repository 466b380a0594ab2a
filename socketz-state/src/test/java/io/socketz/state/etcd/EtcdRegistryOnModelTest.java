package io.socketz.state.etcd;

import io.socketz.state.Await;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.RegistryContract;
import io.socketz.state.StateThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The replicated registry, on a model of etcd. */
class EtcdRegistryOnModelTest extends RegistryContract {
    private final ModelEtcd etcd = new ModelEtcd(2);
    private final ModelTime time = new ModelTime(etcd);

    @Override
    protected Registry open(Member self, StateThread state) {
        return EtcdRegistry.factory(
                        new ClusterSettings("/socketz", Duration.ofSeconds(5)),
                        owner -> new ModelTransport("model", etcd, time, Weather.still(), owner),
                        EtcdRegistryListener.NONE)
                .open(self, state);
    }

    /** The watch has brought back all that was written. */
    @Override
    protected void settle() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            var unused = Await.get(registry.freshRoster());
            if (keysInEtcd() == 1 + own().size()) {
                unused = Await.get(registry.freshRoster());
                return;
            }
        }
        throw new AssertionError("etcd has " + keysInEtcd() + " keys for " + own().size() + " clients");
    }

    private long keysInEtcd() {
        CompletableFuture<Long> keys = new CompletableFuture<>();
        time.at(
                time.now(),
                () -> keys.complete(etcd.keys().keySet().stream()
                        .filter(key -> !key.contains("/closed/"))
                        .count()));
        return Await.get(keys);
    }
}
