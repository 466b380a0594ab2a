package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RosterTest {
    private static final UUID FIRST_SERVER = new UUID(0, 1);
    private static final UUID SECOND_SERVER = new UUID(0, 2);

    @Test
    void holdsItsListAndItsRevision() {
        List<Client> clients = List.of(client(FIRST_SERVER, 1, 1_000), client(FIRST_SERVER, 2, 1_000));
        Roster roster = Roster.of(7, clients);
        assertThat(roster.revision()).isEqualTo(7);
        assertThat(roster.clients()).isSameAs(clients);
        assertThat(roster.size()).isEqualTo(2);
        assertThat(Roster.of(0, List.of()).size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void anOriginalIsNeverOld(long now) {
        assertThat(Roster.of(1, List.of()).age(now)).isZero();
    }

    @Test
    void clientsAreOrderedByTimeThenByServerThenByNumber() {
        List<Client> ordered = List.of(
                client(SECOND_SERVER, 9, 1_000),
                client(FIRST_SERVER, 2, 1_001),
                client(FIRST_SERVER, 10, 1_001),
                client(SECOND_SERVER, 1, 1_001),
                client(FIRST_SERVER, 1, 1_002));
        List<Client> shuffled = new ArrayList<>(ordered);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(shuffled, new Random(i));
            assertThat(shuffled.stream().sorted(Client.JOIN_ORDER)).isEqualTo(ordered);
        }
    }

    private static Client client(UUID server, long number, long since) {
        return new Client(server, number, "192.0.2.1:" + number, null, since);
    }

    @Test
    void aReplicasAgeCountsFromItsConfirmation() {
        Roster replica = Roster.replica(7, 3, List.of(), 1_000);
        assertThat(replica.age(1_000)).isZero();
        assertThat(replica.age(3_500)).isEqualTo(2_500);
        assertThat(replica.age(900)).isZero();
        assertThat(Roster.replica(7, 3, List.of(), Long.MAX_VALUE).age(Long.MIN_VALUE))
                .isEqualTo(1);
    }
}
