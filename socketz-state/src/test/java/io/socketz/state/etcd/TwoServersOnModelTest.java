package io.socketz.state.etcd;

import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.StateThread;
import io.socketz.state.TwoServersContract;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two replicated registries on a model of etcd. */
class TwoServersOnModelTest extends TwoServersContract {
    private final ModelEtcd etcd = new ModelEtcd(2);
    private final ModelTime time = new ModelTime(etcd);
    private final List<ModelTransport> transports = new CopyOnWriteArrayList<>();

    @Override
    protected Registry open(Member self, StateThread state) {
        return EtcdRegistry.factory(
                        new ClusterSettings("/socketz", Duration.ofSeconds(5)),
                        owner -> {
                            ModelTransport transport =
                                    new ModelTransport(self.name(), etcd, time, Weather.still(), owner);
                            transports.add(transport);
                            return transport;
                        },
                        EtcdRegistryListener.NONE)
                .open(self, state);
    }

    @Override
    protected void breakConnections() {
        ModelTransport first = transports.get(0);
        time.at(time.now(), () -> first.breakConnection(new EtcdFailure(Kind.UNAVAILABLE, "broken")));
    }
}
