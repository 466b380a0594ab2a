package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.TransportProbe;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** An etcd that requires TLS, through jetcd. */
final class JetcdTlsIT extends EtcdTlsContract {
    JetcdTlsIT() {
        super(Way.JETCD);
    }

    /** The name has two addresses, and nothing listens at the first of them. */
    @Test
    void theCertificateMustMatchTheConfiguredNameAtEveryAddress() {
        URI name = URI.create("https://etcd.test:" + cluster.endpoint(0).getPort());
        TransportProbe probe = open(name, "ca", "client");

        assertThat(probe.askInVain(REVISION))
                .isEqualTo(new EtcdFailure(Kind.UNAVAILABLE, name + " (127.0.0.2): connection refused"));
        assertAllWorks(probe);
    }
}
