package io.socketz.state.etcd;

import static io.socketz.state.etcd.Samples.KEYS;
import static io.socketz.state.etcd.Samples.OTHER;
import static io.socketz.state.etcd.Simulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.Write;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** On virtual time. */
final class SlowLineTest {
    private static final int CLIENTS = 20_000;

    private final Simulation simulation = new Simulation(1, false);
    private final ModelEtcd etcd = new ModelEtcd(2);

    /** 2 Mbit/s, and 250 bytes for each client: a page of 4,000 takes 4 s, but the timeout is 2 s. */
    @Test
    void theRosterIsReadOnALineTooSlowForAWholePage() {
        etcd.commit(0, List.of(new Write.Put(KEYS.member(OTHER), EtcdValues.of(Samples.member(OTHER)), 0)));
        for (long number = 1; number <= CLIENTS; number++) {
            byte[] value = EtcdValues.of(Samples.client(OTHER, number));
            etcd.commit(0, List.of(new Write.Put(KEYS.client(OTHER, number), value, 0)));
        }
        Weather weather = Weather.of(new Random(1));
        weather.slowLine(SECOND / 1_000);
        SimulationReferee referee = new SimulationReferee(simulation, etcd, "/socketz", 1_000, false);
        SimulatedServer server = new SimulatedServer("s1", simulation, etcd, ClusterSettings.DEFAULT, weather, referee);

        simulation.runUntil(30 * SECOND); // 20 s on the line, and two pages that timed out

        assertThat(server.replication().roster().clients()).hasSize(CLIENTS);
    }
}
