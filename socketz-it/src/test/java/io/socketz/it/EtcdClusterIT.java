package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class EtcdClusterIT {
    @Test
    void threeMembersAgreeOnALeaderAndSurviveItsLoss() {
        try (EtcdCluster cluster = EtcdCluster.start(3)) {
            cluster.etcdctl("put", "key", "value");
            int first = cluster.leader();

            cluster.kill(first);
            cluster.awaitHealthy();

            int second = cluster.leader();
            assertThat(second).isNotEqualTo(first);
            cluster.startMember(first);
            cluster.pause(second);
            cluster.awaitHealthy();
            assertThat(cluster.leader()).isNotEqualTo(second);
            cluster.resume(second);
            cluster.awaitHealthy();
            assertThat(cluster.etcdctl("get", "key", "--print-value-only")).isEqualTo("value\n");
        }
    }

    @Test
    void dataSurvivesAStopOfAllMembersButNotAWipe() {
        try (EtcdCluster cluster = EtcdCluster.start(1)) {
            List<?> endpoints = cluster.endpoints();
            cluster.etcdctl("put", "key", "value");

            cluster.stopAll();
            cluster.startAll();
            assertThat(cluster.etcdctl("get", "key", "--print-value-only")).isEqualTo("value\n");

            cluster.wipe();
            assertThat(cluster.etcdctl("get", "key")).isEmpty();
            assertThat(cluster.endpoints()).isEqualTo(endpoints);
        }
    }

    @Test
    void aMemberThatCannotStartIsQuotedWithItsLastLines() {
        assertThatThrownBy(() -> EtcdCluster.start(1, "http", List.of("--no-such-flag"), List.of()))
                .hasMessageContaining("etcd01 has ended")
                .hasMessageContaining("no-such-flag");
    }
}
