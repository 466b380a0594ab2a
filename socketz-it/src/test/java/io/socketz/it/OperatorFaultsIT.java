package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What operators may do to the keys in etcd. */
class OperatorFaultsIT extends ClusterFaults {
    @Test
    void aServerWhoseMemberLeaseIsRevokedComesBackAndReportsIt() throws Exception {
        for (Node node : fleet.nodes()) {
            during("member lease revoked of " + node, () -> operator.revokeLeaseOf(memberKeys + node.id()));
            assertThat(node.told()).anyMatch(told -> told.startsWith("lapsed"));
        }
    }

    @Test
    void clientsWhoseLeaseIsRevokedAreWrittenAgain() throws Exception {
        for (Node node : fleet.nodes()) {
            during("client lease revoked of " + node, () -> operator.revokeLeaseOf(clientKeys + node.id()));
        }
    }

    @Test
    void keysDeletedByHandAreWrittenAgain() throws Exception {
        for (Node node : fleet.nodes()) {
            during("client key deleted of " + node, () -> operator.deleteFirst(clientKeys + node.id()));
            during(
                    "client keys deleted of " + node,
                    () -> assertThat(operator.delete("--prefix", clientKeys + node.id() + "/"))
                            .isGreaterThan(40));
            during(
                    "member key deleted of " + node,
                    () -> assertThat(operator.delete(memberKeys + node.id())).isOne());
        }
        during(
                "all keys deleted",
                () -> assertThat(operator.delete("--prefix", prefix)).isGreaterThan(150));
    }

    @Test
    void valuesAlteredByHandAreCorrected() throws Exception {
        for (Node node : fleet.nodes()) {
            String client = operator.firstKey(clientKeys + node.id());
            during(
                    "client altered of " + node,
                    () -> operator.put(client, "{\"addr\":\"198.51.100.1:1\",\"since\":\"2026-01-31T12:00:00Z\"}"));
            during(
                    "garbage at a client of " + node,
                    () -> operator.put(operator.firstKey(clientKeys + node.id()), "{\"addr\":"));
            during("garbage at the member key of " + node, () -> operator.put(memberKeys + node.id(), "garbage"));
        }
    }

    @Test
    void keysThatNoServerWroteAreSkippedAndReported() throws Exception {
        Node node = fleet.nodes().get(random.nextInt(fleet.nodes().size()));
        UUID nobody = new UUID(random.nextLong(), random.nextLong());
        String client = "{\"addr\":\"198.51.100.1:1\",\"since\":\"2026-01-31T12:00:00Z\"}";
        List<String> garbage = List.of(
                prefix + "/v1/garbage",
                clientKeys + "nobody/1",
                clientKeys + node.id() + "/01",
                clientKeys + nobody + "/1",
                memberKeys + nobody);
        during("garbage under the prefix", () -> {
            operator.put(garbage.get(0), "garbage");
            operator.put(garbage.get(1), client);
            operator.put(garbage.get(2), client);
            operator.put(garbage.get(3), client);
            operator.put(garbage.get(4), "garbage");
            operator.put(clientKeys + node.id() + "/999999", client);
            operator.put(prefix + "/v2", "of a later version");
        });
        for (Node each : fleet.nodes()) {
            assertThat(each.told()).as("%s", each).anyMatch(told -> told.startsWith("skipped: " + garbage.get(0)));
        }
        assertThat(cluster.etcdctl("get", clientKeys + node.id() + "/999999"))
                .as("deleted by the server whose id it has")
                .isEmpty();
        garbage.forEach(operator::delete);
        operator.delete(prefix + "/v2");
    }
}
