package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Roster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers that start and end, and servers of other deployments. */
class ServersIT extends ClusterFaults {
    @Test
    void theClientsOfAKilledServerLeaveInOneStep() throws Exception {
        for (Way way : Way.values()) {
            Node dying = Node.open(way, "dying", prefix, cluster.endpoints());
            fleet.add(dying);
            try {
                dying.join(50);
                fleet.awaitRight(System.nanoTime(), AT_LAST);
            } finally {
                fleet.remove(dying);
            }
            MemberKey key = MemberKey.watch(cluster.endpoint(0), memberKeys, dying.id());
            List<Roster> before = fleet.nodes().stream().map(Node::roster).toList();
            List<String> toldBefore = told();
            long killedAt = System.nanoTime();
            dying.kill();

            List<Roster> after = new ArrayList<>(before);
            while (after.stream().anyMatch(roster -> clientsOf(dying, roster) > 0)) {
                for (int i = 0; i < after.size(); i++) {
                    after.set(i, fleet.nodes().get(i).roster());
                    assertThat(clientsOf(dying, after.get(i))).isIn(0L, 50L);
                }
                assertThat(Duration.ofNanos(System.nanoTime() - killedAt)).isLessThan(AT_LAST);
                Fleet.pause();
            }
            // Etcd decides when a lease expires, and is late on a busy machine.
            String times = fleet.awaitRight(key.awaitDeletion(), SOON);
            key.close();
            report(way + " server killed and its lease expired", times);
            if (!told().equals(toldBefore)) {
                continue; // this machine paused for longer than the others' leases live, which is a change too
            }
            for (int i = 0; i < after.size(); i++) {
                // They leave; if this machine just paused, they may leave and come back before. It is always all 50
                // together.
                assertThat(after.get(i).version() - before.get(i).version())
                        .as("of one change")
                        .isIn(1L, 3L);
            }
        }
    }

    private static long clientsOf(Node node, Roster roster) {
        return roster.clients().stream()
                .filter(client -> client.server().equals(node.id()))
                .count();
    }

    private List<String> told() {
        return fleet.nodes().stream().flatMap(node -> node.told().stream()).toList();
    }

    @Test
    void aClosedServerRemovesItsClients() {
        for (Way way : Way.values()) {
            Node leaving = Node.open(way, "leaving", prefix, cluster.endpoints());
            fleet.add(leaving);
            try {
                leaving.join(50);
                fleet.awaitRight(System.nanoTime(), AT_LAST);
            } finally {
                fleet.remove(leaving);
            }
            long closedAt = System.nanoTime();
            leaving.close();
            report(way + " server closed", fleet.awaitRight(closedAt, SOON));
            assertThat(operator.keys(prefix))
                    .noneMatch(key -> key.contains(leaving.id().toString()));
        }
    }

    @Test
    void aServerClosedWhileEtcdIsAwayIsGoneWhenItsLeaseEnds() {
        List<Node> closing = List.copyOf(behindProxies());
        PROXIES.forEach(TcpProxy::cut);
        long cutAt = System.nanoTime();
        closing.forEach(fleet::remove);
        closing.forEach(Node::close);
        // Each tries for 3 s.
        report("servers closed while cut off", fleet.awaitRight(cutAt, AT_LAST));
    }

    @Test
    void aServerThatStartsBeforeEtcdServesItsOwnClientsAndLaterAll() {
        cluster.stopAll();
        for (Way way : Way.values()) {
            Node early = Node.open(way, "early", prefix, cluster.endpoints());
            fleet.add(early);
            early.join(10);
            assertThat(early.roster().clients()).isEqualTo(early.clients());
        }
        cluster.startAll();
        report("started before etcd", fleet.awaitRight(System.nanoTime(), SOON));
    }

    /** Even if their prefixes share a beginning. */
    @Test
    void deploymentsWithOtherPrefixesAreNotSeen() {
        List<String> prefixes = List.of("/one", "/one2", "/one/v1/clients");
        List<Fleet> fleets = new ArrayList<>();
        try {
            for (String prefix : prefixes) {
                Fleet deployment = new Fleet();
                fleets.add(deployment);
                for (Way way : Way.values()) {
                    Node node = Node.open(way, "server01", prefix, cluster.endpoints());
                    deployment.add(node);
                    node.join(3);
                }
            }
            fleets.forEach(each -> each.awaitRight(System.nanoTime(), AT_LAST));
            fleets.add(fleet);
            fleets.forEach(each -> each.awaitRight(System.nanoTime(), SOON));
            fleets.remove(fleet);
        } finally {
            fleets.forEach(each -> each.nodes().forEach(Node::close));
        }
    }
}
