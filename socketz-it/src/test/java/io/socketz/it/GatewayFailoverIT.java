package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Pending;
import org.junit.jupiter.api.Test;

/** An etcd whose members fail, through the JSON gateway. */
final class GatewayFailoverIT extends EtcdFailoverContract {
    GatewayFailoverIT() {
        super(Way.GATEWAY);
    }

    @Test
    void leavesASilentMemberWhenTheOwnerGivesUp() {
        TransportProbe probe = openOnFirstOfTwo();
        long lease = probe.ask(LEASE);
        cluster.pause(0);
        Pending<Long> cancelled = probe.start(keepAlive(lease));

        probe.cancel(cancelled.call());

        cluster.awaitHealthy();
        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);
        assertThat(cancelled.result()).isNotDone();
        assertWatchWorks(probe);
    }
}
