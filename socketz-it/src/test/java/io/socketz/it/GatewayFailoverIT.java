package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Pending;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** An etcd whose members fail, through the JSON gateway; and servers that are not etcd. */
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

    @Test
    void aServerWithoutTlsIsNotTrusted() {
        URI tls = URI.create("https://127.0.0.1:" + cluster.endpoint(0).getPort());

        // Etcd closes a connection with unread input, which the kernel may report as a reset.
        assertThat(open(tls).askInVain(REVISION))
                .isIn(
                        new EtcdFailure(Kind.UNAVAILABLE, tls + ": connection closed before TLS began"),
                        new EtcdFailure(Kind.UNAVAILABLE, tls + ": connection reset"));
    }
}
