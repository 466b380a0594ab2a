package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.SocketzServer;
import io.socketz.server.event.ServerState;
import io.socketz.state.RegistryMetrics;
import io.socketz.state.RegistryMetrics.StoreMetrics;
import io.socketz.state.etcd.transport.EtcdOptions;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What an embedded server tells of a real etcd, while it is there and while it is away. */
final class MetricsIT {
    private static RegistryMetrics until(SocketzServer server, Predicate<RegistryMetrics> good, String missing)
            throws Exception {
        return Polling.until(() -> server.metrics().registry(), good, missing);
    }

    private static StoreMetrics store(RegistryMetrics metrics) {
        return metrics.store().orElseThrow();
    }

    @Test
    void itTellsHowEtcdServesTheServer() throws Exception {
        try (EtcdCluster etcd = EtcdCluster.start(1);
                SocketzServer server = SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .cluster(EtcdOptions.of(etcd.endpoints()))
                        .start()) {
            RegistryMetrics well = until(server, each -> each.roster().well(), "not well");
            assertThat(store(well).up()).isTrue();
            assertThat(store(well).leaseSeconds()).isPositive();
            assertThat(well.roster().ageSeconds()).isZero();
            assertThat(server.state()).isEqualTo(ServerState.READY);
            long commits = store(well).commits().count();
            try (PlainClient client = PlainClient.greeted(server.address().getPort())) {
                RegistryMetrics joined = until(
                        server,
                        each -> each.cluster().joins() == 1
                                && store(each).commits().count() > commits,
                        "no join");
                assertThat(joined.roster().revision())
                        .isGreaterThan(well.roster().revision());
                assertThat(store(joined).commits().sumSeconds()).isPositive();

                etcd.pause(0);
                RegistryMetrics away = until(
                        server,
                        each -> store(each).failedCommits() > 0 && store(each).downSeconds() > 3,
                        "etcd does not seem to be away");
                assertThat(store(away).up()).isFalse();
                assertThat(store(away).retries()).isPositive();
                assertThat(away.roster().well()).isFalse();
                assertThat(away.roster().ageSeconds()).isPositive();
                assertThat(server.state()).as("service goes on").isEqualTo(ServerState.READY);
                client.send("QUIT\n");
                assertThat(client.rest()).isEmpty();
                until(server, each -> store(each).queuedKeys() == 1, "the leave is not queued");

                etcd.resume(0);
                until(server, each -> each.roster().well() && store(each).up(), "not well again");
                RegistryMetrics left = until(server, each -> store(each).queuedKeys() == 0, "the leave is not written");
                assertThat(left.own().leaves()).containsEntry("CLIENT_QUIT", 1L);
            }
        }
    }
}
