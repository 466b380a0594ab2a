package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.state.Roster.ServerPart;
import java.time.Instant;
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

    @Test
    void findsClientsByTheIdsOfTheirServersAndTheirNumbers() {
        Client first = client(FIRST_SERVER, 3, 9_000);
        Client second = client(FIRST_SERVER, 12, 1_000);
        Client other = client(SECOND_SERVER, 3, 5_000);
        Member late = new Member(FIRST_SERVER, "server01", "10.0.0.11:5151", Instant.ofEpochMilli(9));
        Member early = new Member(SECOND_SERVER, "server02", "10.0.0.12:5151", Instant.ofEpochMilli(5));
        Roster roster = Roster.of(
                1,
                List.of(second, other, first),
                List.of(new ServerPart(early, List.of(other)), new ServerPart(late, List.of(first, second))),
                List.of());
        assertThat(roster.members()).containsExactly(early, late);
        assertThat(roster.clientsOf(FIRST_SERVER)).containsExactly(first, second);
        assertThat(roster.clientsOf(new UUID(0, 3))).isEmpty();
        assertThat(roster.find(FIRST_SERVER, 3)).isSameAs(first);
        assertThat(roster.find(FIRST_SERVER, 12)).isSameAs(second);
        assertThat(roster.find(SECOND_SERVER, 3)).isSameAs(other);
        for (long number : new long[] {Long.MIN_VALUE, 0, 1, 4, 11, 13, Long.MAX_VALUE}) {
            assertThat(roster.find(FIRST_SERVER, number)).isNull();
        }
        assertThat(roster.find(new UUID(0, 3), 3)).isNull();
        assertThat(Roster.of(0, List.of()).members()).isEmpty();
    }

    @Test
    void tellsWhoHasLeftOldestFirstAndNobodyWhoIsConnected() {
        Member member = new Member(FIRST_SERVER, "server01", "10.0.0.11:5151", Instant.EPOCH);
        Client back = client(FIRST_SERVER, 3, 1_000);
        Departure other = new Departure(client(SECOND_SERVER, 1, 1_000), "CLIENT_QUIT", 2_000, 7);
        Departure early = new Departure(client(FIRST_SERVER, 1, 1_000), "CLIENT_QUIT", 1_500, 7);
        Departure lost = new Departure(client(FIRST_SERVER, 2, 1_000), Departure.SERVER_LOST, 1_600, 7);
        Departure after = new Departure(client(FIRST_SERVER, 2, 1_000), "IDLE_TIMEOUT", 2_600, 9);
        Departure seeming = new Departure(back, Departure.SERVER_LOST, 1_600, 7);
        Roster roster = Roster.of(
                1,
                List.of(back),
                List.of(new ServerPart(member, List.of(back))),
                List.of(List.of(other), List.of(early, lost, seeming, after)));
        assertThat(roster.departures()).containsExactly(early, other, after);
        assertThat(Roster.of(0, List.of()).departures()).isEmpty();
    }

    @Test
    void aReasonIsAWordOfCapitals() {
        Client client = client(FIRST_SERVER, 17, 0);
        assertThat(new Departure(client, "A_1".repeat(21), 0, 0).reason()).hasSize(63);
        for (String reason : List.of("", "quit", "TWO WORDS", "A=B", "\n", "\u00c4", "A".repeat(65))) {
            assertThatThrownBy(() -> new Departure(client, reason, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aClientsIdIsItsServersIdAndItsNumber() {
        assertThat(client(FIRST_SERVER, 17, 0).id()).isEqualTo("00000000-0000-0000-0000-000000000001/17");
    }

    @Test
    void aClientWithANameThatIsNotAllowedCannotBeMade() {
        Client client = client(FIRST_SERVER, 17, 0);
        assertThat(client.withName("alice").name()).isEqualTo("alice");
        assertThat(client.withName("alice").withName(null)).isEqualTo(client);
        for (String name : List.of("", "a b", "a=b", "'", "\"", "\n", "\u007f", "\u00eb", "a".repeat(65))) {
            assertThatThrownBy(() -> client.withName(name)).isInstanceOf(IllegalArgumentException.class);
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
