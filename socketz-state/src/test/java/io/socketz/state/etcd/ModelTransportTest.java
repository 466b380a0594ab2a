package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdTransport;
import io.socketz.state.etcd.transport.EtcdTransportContract;

/** The model's transport keeps the same contract as the real ones; otherwise a simulation on it would prove nothing. */
class ModelTransportTest extends EtcdTransportContract {
    private final ModelEtcd etcd = new ModelEtcd(2);
    private final ModelTime time = new ModelTime(etcd);

    @Override
    protected EtcdTransport open(EtcdTransport.CallbackExecutor owner) {
        return new ModelTransport("model", etcd, time, Weather.still(), owner);
    }

    @Override
    protected void compact(long revision) {
        time.at(time.now(), () -> etcd.compact(revision));
    }

    @Override
    protected void pass(long seconds) {
        time.pass(seconds);
    }

    @Override
    protected boolean mayStay(Thread thread) {
        return thread.getName().equals(ModelTime.THREAD);
    }
}
