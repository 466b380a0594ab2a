package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.Client;
import io.socketz.state.KickResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One server disconnects the clients of another, which may be dead. */
class KickIT extends ClusterFaults {
    @Test
    void clientsOfOtherServersAreDisconnectedAndNothingIsLeftOfIt() {
        for (Node kicker : fleet.nodes()) {
            for (Node target : fleet.nodes()) {
                Client client = target.clients().get(0);
                KickResult result = Await.get(kicker.kick(List.of(client)));
                assertThat(result.left())
                        .as(kicker + " disconnects a client of " + target)
                        .isEmpty();
                assertThat(kicker.roster().clients()).doesNotContain(client);
                target.leave(0); // it has, and does not know
            }
        }
        report("disconnected", fleet.awaitRight(System.nanoTime(), SOON));
        assertThat(operator.keys(prefix)).noneMatch(key -> key.contains("/kicks/"));
    }

    @Test
    void theClientsOfAKilledServerAreGoneWithItsLeaseAndADeadKickerLeavesNothing() {
        Node dying = Node.open(Way.JETCD, "dying", prefix, cluster.endpoints());
        fleet.add(dying);
        Node kicker = Node.open(Way.GATEWAY, "kicker", prefix, cluster.endpoints());
        fleet.add(kicker);
        try {
            dying.join(3);
            fleet.awaitRight(System.nanoTime(), AT_LAST);
        } finally {
            fleet.remove(dying);
            fleet.remove(kicker);
        }
        dying.kill();
        KickResult result = Await.get(kicker.kick(dying.clients()));
        assertThat(result.gone()).isEqualTo(3);
        kicker.kill();
        long killedAt = System.nanoTime();
        while (operator.keys(prefix).stream().anyMatch(key -> key.contains("/kicks/"))) {
            assertThat(Duration.ofNanos(System.nanoTime() - killedAt)).isLessThan(AT_LAST);
            Fleet.pause();
        }
        report("killed kicker", fleet.awaitRight(killedAt, AT_LAST));
    }
}
