package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Pending;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** An etcd some of whose members fail, by the JSON gateway; and what is no etcd. */
final class GatewayFailoverIT extends EtcdFailoverContract {
    GatewayFailoverIT() {
        super(Way.GATEWAY);
    }

    @Test
    void aMemberThatFallsSilentIsLeftWhenTheOwnerLosesPatience() {
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
    void whatDoesNotSpeakTlsIsNotServed() {
        URI tls = URI.create("https://127.0.0.1:" + cluster.endpoint(0).getPort());

        // etcd closes a connection whose input it has not read: the kernel may report that as a reset.
        assertThat(open(tls).askInVain(REVISION))
                .isIn(
                        new EtcdFailure(Kind.UNAVAILABLE, tls + ": connection closed before TLS began"),
                        new EtcdFailure(Kind.UNAVAILABLE, tls + ": connection reset"));
    }
}
