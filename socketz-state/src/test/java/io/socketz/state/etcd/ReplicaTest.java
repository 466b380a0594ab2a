package io.socketz.state.etcd;

import static io.socketz.state.etcd.Samples.KEYS;
import static io.socketz.state.etcd.Samples.OTHER;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.THIRD;
import static io.socketz.state.etcd.Samples.client;
import static io.socketz.state.etcd.Samples.clientEntry;
import static io.socketz.state.etcd.Samples.deleteClient;
import static io.socketz.state.etcd.Samples.deleteMember;
import static io.socketz.state.etcd.Samples.entry;
import static io.socketz.state.etcd.Samples.memberEntry;
import static io.socketz.state.etcd.Samples.put;
import static io.socketz.state.etcd.Samples.putClient;
import static io.socketz.state.etcd.Samples.putMember;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.state.Client;
import io.socketz.state.Roster.ServerPart;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.WatchEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaTest {
    private final List<String> skipped = new ArrayList<>();
    private final SkippedKeys skippedKeys = SkippedKeysRecorder.into(skipped);
    private final Replica replica = new Replica(Samples.member(Samples.SELF), skippedKeys, Samples.CLOCK);
    private final KeyRouter router = new KeyRouter(SELF, KEYS, new PublishedServer().publication, replica, skippedKeys);

    // ---------------------------------------------------------------- this server's own

    @Test
    void ownClientsAreVisibleAtOnceAndEachMakesANewVersion() {
        replica.addOwn(client(SELF, 1));
        assertThat(replica.version()).isEqualTo(1);
        replica.addOwn(client(SELF, 2));
        assertThat(replica.copy()).containsExactly(client(SELF, 1), client(SELF, 2));
        replica.removeOwn(client(SELF, 1), Samples.QUIT);
        assertThat(replica.version()).isEqualTo(3);
        assertThat(replica.copy()).containsExactly(client(SELF, 2));
        assertThat(replica.revision()).as("nothing is known of etcd").isZero();
    }

    // ---------------------------------------------------------------- the member key is the gate

    @Test
    void clientsAreVisibleOnceTheirServersMemberKeyExists() {
        router.apply(List.of(putClient(client(OTHER, 1), 1), putClient(client(OTHER, 2), 2)));
        assertThat(replica.copy()).isEmpty();
        assertThat(replica.version()).isZero();
        assertThat(replica.others()).isZero();

        router.apply(List.of(putMember(OTHER, 3)));
        assertThat(replica.copy()).containsExactly(client(OTHER, 1), client(OTHER, 2));
        assertThat(replica.version()).as("in one step").isEqualTo(1);
        assertThat(replica.others()).isEqualTo(1);

        router.apply(List.of(putClient(client(OTHER, 3), 4)));
        assertThat(replica.copy()).hasSize(3);
        assertThat(replica.version()).isEqualTo(2);
    }

    @Test
    void aServersDisappearanceMakesOneVersion() {
        List<WatchEvent> events = new ArrayList<>(List.of(putMember(OTHER, 1), putMember(THIRD, 1)));
        for (int i = 1; i <= 2_000; i++) {
            events.add(putClient(client(OTHER, i), 2));
            events.add(putClient(client(THIRD, i), 2));
        }
        router.apply(events);
        assertThat(replica.size()).isEqualTo(4_000);
        long before = replica.version();
        router.apply(List.of(deleteMember(OTHER, 3)));
        assertThat(replica.version()).isEqualTo(before + 1);
        assertThat(replica.copy())
                .isEqualTo(IntStream.rangeClosed(1, 2_000)
                        .mapToObj(i -> client(THIRD, i))
                        .toList());

        router.apply(IntStream.rangeClosed(1, 2_000)
                .mapToObj(i -> deleteClient(client(OTHER, i), 4))
                .toList());
        assertThat(replica.version()).as("they are not visible any more").isEqualTo(before + 1);
    }

    @Test
    void aBeatOfAnotherServerChangesNothingButTheRevision() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2)));
        long before = replica.version();
        router.apply(List.of(putMember(OTHER, 3)));
        router.apply(List.of(putClient(client(OTHER, 1), 4)));
        assertThat(replica.version()).isEqualTo(before);
        assertThat(replica.revision()).isEqualTo(4);
    }

    @Test
    void aServerWithoutClientsComesAndGoesAndTheListOfClientsStaysTheSame() {
        replica.addOwn(client(SELF, 1));
        List<Client> before = replica.copy();
        long version = replica.version();
        router.apply(List.of(putMember(OTHER, 1)));
        assertThat(replica.others()).isEqualTo(1);
        assertThat(replica.version()).isEqualTo(version + 1);
        router.apply(List.of(putMember(OTHER, 2))); // a beat
        assertThat(replica.version()).isEqualTo(version + 1);
        router.apply(List.of(deleteMember(OTHER, 3), deleteMember(THIRD, 4), deleteClient(client(THIRD, 1), 5)));
        assertThat(replica.others()).isZero();
        assertThat(replica.version()).isEqualTo(version + 2);
        assertSame(before, replica.copy());
    }

    @Test
    void theServersAreShownInOrderWithTheirClientsByNumber() {
        Client clockSetBack = new Client(OTHER, 10, "203.0.113.9:9", null, 5);
        router.apply(List.of(
                putMember(THIRD, 1),
                putMember(OTHER, 2),
                putClient(clockSetBack, 3),
                putClient(client(OTHER, 9), 4),
                putClient(client(new UUID(7, 7), 1), 5)));
        replica.addOwn(client(SELF, 1));
        assertThat(replica.servers())
                .containsExactly(
                        new ServerPart(Samples.member(SELF), List.of(client(SELF, 1))),
                        new ServerPart(Samples.member(OTHER), List.of(client(OTHER, 9), clockSetBack)),
                        new ServerPart(Samples.member(THIRD), List.of()));
    }

    @Test
    void aListIsCopiedOnlyIfItHasChanged() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2)));
        replica.addOwn(client(SELF, 1));
        List<ServerPart> before = replica.servers();
        replica.addOwn(client(SELF, 2));
        List<ServerPart> after = replica.servers();
        assertThat(after.get(0).clients()).hasSize(2);
        assertSame(before.get(1).clients(), after.get(1).clients());
    }

    @Test
    void aRenamedClientKeepsItsPlaceAndHasItsNewNameAtOneRevision() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2), putClient(client(OTHER, 2), 2)));
        long version = replica.version();
        Client renamed = client(OTHER, 1).withName("alice");
        router.apply(List.of(putClient(renamed, 3)));
        assertThat(replica.copy()).containsExactly(renamed, client(OTHER, 2));
        assertThat(replica.servers().get(1).clients()).containsExactly(renamed, client(OTHER, 2));
        assertThat(replica.version()).isEqualTo(version + 1);
        assertThat(replica.revision()).isEqualTo(3);
    }

    @Test
    void aNameThatIsNotAllowedIsSkippedAndReportedAndItsClientIsShown() {
        String value = "{\"name\":\"two words\",\"addr\":\"203.0.113.7:1\",\"since\":\"2026-01-31T12:00:00.001Z\"}";
        KeyValue entry = Samples.entry(Samples.KEYS.client(OTHER, 1), value, 2);
        router.apply(List.of(putMember(OTHER, 1), Samples.put(entry)));
        assertThat(replica.copy()).containsExactly(client(OTHER, 1));
        assertThat(skipped).containsExactly(entry.key() + ": its name is not allowed");
    }

    // ---------------------------------------------------------------- revisions

    @Test
    void allChangesOfARevisionAreApplied() {
        router.apply(List.of(
                putMember(OTHER, 7),
                putClient(client(OTHER, 1), 7),
                putClient(client(OTHER, 2), 7),
                deleteClient(client(OTHER, 1), 8),
                putClient(client(OTHER, 3), 8)));
        assertThat(replica.copy()).containsExactly(client(OTHER, 2), client(OTHER, 3));
        assertThat(replica.revision()).isEqualTo(8);
    }

    @Test
    void knownRevisionsAreSkipped() {
        router.apply(List.of(putMember(OTHER, 7), putClient(client(OTHER, 1), 8)));
        long before = replica.version();
        router.apply(List.of(deleteMember(OTHER, 7), deleteClient(client(OTHER, 1), 8), putMember(SELF, 8)));
        assertThat(replica.version()).isEqualTo(before);
        assertThat(replica.revision()).isEqualTo(8);

        router.apply(List.of(deleteClient(client(OTHER, 1), 8), putClient(client(OTHER, 2), 9)));
        assertThat(replica.copy()).containsExactly(client(OTHER, 1), client(OTHER, 2));
    }

    @Test
    void aReplacedClientIsShownWithItsNewValue() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2), putClient(client(OTHER, 2), 2)));
        Client later = new Client(OTHER, 1, "203.0.113.9:9", "10.0.0.2:1", Samples.NOON + 10);
        router.apply(List.of(putClient(later, 3)));
        assertThat(replica.copy()).containsExactly(client(OTHER, 2), later);
        Client samePlace = new Client(OTHER, 2, "203.0.113.9:9", null, Samples.NOON + 2);
        router.apply(List.of(putClient(samePlace, 4)));
        assertThat(replica.copy()).containsExactly(samePlace, later);
    }

    // ---------------------------------------------------------------- malformed

    @Test
    void aMalformedValueCountsAsAbsentAndIsReportedOnce() {
        String key = KEYS.client(OTHER, 1);
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2)));
        router.apply(List.of(put(entry(key, "{}", 3))));
        assertThat(replica.copy()).isEmpty();
        assertThat(skipped).containsExactly(key + ": no addr");
        router.apply(List.of(put(entry(key, "[]", 4))));
        assertThat(skipped).as("reported once").hasSize(1);
        router.apply(List.of(putClient(client(OTHER, 1), 5)));
        assertThat(replica.copy()).containsExactly(client(OTHER, 1));
    }

    @Test
    void aMemberWithAMalformedValueIsNoMember() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2)));
        router.apply(List.of(put(entry(KEYS.member(OTHER), "up", 3))));
        assertThat(replica.copy()).isEmpty();
        assertThat(replica.others()).isZero();
        assertThat(skipped).containsExactly(KEYS.member(OTHER) + ": no JSON");
        router.apply(List.of(putMember(OTHER, 4)));
        assertThat(replica.copy()).containsExactly(client(OTHER, 1));
    }

    // ---------------------------------------------------------------- resync

    @Test
    void aResyncShowsEverythingAtOnceAndOnlyWhenItIsComplete() {
        router.startReading();
        stage(clientEntry(client(OTHER, 1), 3));
        stage(memberEntry(OTHER, 2));
        stage(clientEntry(client(THIRD, 1), 4));
        assertThat(replica.copy()).isEmpty();
        assertThat(replica.revision()).isZero();
        router.endReading(9);
        assertThat(replica.copy()).as("THIRD is not a member").containsExactly(client(OTHER, 1));
        assertThat(replica.revision()).isEqualTo(9);
        assertThat(replica.version()).isEqualTo(1);
        assertThat(replica.others()).isEqualTo(1);
    }

    @Test
    void aResyncWithoutNewsChangesOnlyTheRevision() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2), putClient(client(THIRD, 1), 2)));
        replica.addOwn(client(SELF, 1));
        List<Client> before = replica.copy();
        List<ServerPart> serversBefore = replica.servers();
        long version = replica.version();
        router.startReading();
        stage(memberEntry(OTHER, 1));
        stage(clientEntry(client(OTHER, 1), 2));
        stage(clientEntry(client(THIRD, 1), 2));
        router.endReading(9);
        assertThat(replica.copy()).isSameAs(before);
        assertThat(replica.servers()).isSameAs(serversBefore);
        assertThat(replica.version()).isEqualTo(version);
        assertThat(replica.revision()).isEqualTo(9);
        assertSame(before, replica.copy());
    }

    @Test
    void aResyncKeepsTheObjectsOfClientsThatStayed() {
        router.apply(List.of(
                putMember(OTHER, 1),
                putClient(client(OTHER, 1), 2),
                putClient(client(OTHER, 2), 2),
                putClient(client(OTHER, 3), 2)));
        List<Client> before = replica.copy();
        long version = replica.version();
        Client altered = new Client(OTHER, 3, "203.0.113.9:9", null, Samples.NOON + 3);
        router.startReading();
        stage(memberEntry(OTHER, 1));
        stage(clientEntry(client(OTHER, 1), 2));
        stage(clientEntry(altered, 5));
        stage(clientEntry(client(OTHER, 4).withName("alice"), 6));
        router.endReading(9);
        assertThat(replica.copy())
                .containsExactly(client(OTHER, 1), altered, client(OTHER, 4).withName("alice"));
        assertThat(replica.copy().get(0)).isSameAs(before.get(0));
        assertThat(replica.version()).as("in one step").isEqualTo(version + 1);
        router.apply(List.of(deleteMember(OTHER, 10)));
        router.apply(List.of(putMember(OTHER, 11)));
        assertThat(replica.copy().get(0)).as("kept once, not twice").isSameAs(before.get(0));
    }

    /** Few are removed one by one, many in one pass: tests both ways. */
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 1_000})
    void aResyncRemovesClientsThatAreGone(int gone) {
        replica.addOwn(client(SELF, 5));
        List<WatchEvent> events = new ArrayList<>(List.of(putMember(OTHER, 1), putMember(THIRD, 1)));
        for (int i = 1; i <= gone; i++) {
            events.add(putClient(client(OTHER, i), 2));
        }
        events.add(putClient(client(THIRD, 1), 2));
        router.apply(events);
        router.startReading();
        stage(memberEntry(THIRD, 1));
        stage(clientEntry(client(THIRD, 1), 2));
        router.endReading(9);
        assertThat(replica.copy()).containsExactly(client(THIRD, 1), client(SELF, 5));
    }

    @Test
    void aNewResyncDropsWhatTheLastOneRead() {
        router.startReading();
        stage(memberEntry(OTHER, 1));
        stage(clientEntry(client(OTHER, 1), 2));
        router.startReading();
        stage(memberEntry(THIRD, 1));
        stage(clientEntry(client(THIRD, 1), 2));
        router.endReading(9);
        assertThat(replica.copy()).containsExactly(client(THIRD, 1));
    }

    @Test
    void malformedValuesAreAbsentFromAResyncToo() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2), putMember(THIRD, 3)));
        router.startReading();
        stage(memberEntry(OTHER, 1));
        stage(entry(KEYS.client(OTHER, 1), "{}", 4));
        stage(entry(KEYS.member(THIRD), "{}", 4));
        router.endReading(9);
        assertThat(replica.copy()).isEmpty();
        assertThat(replica.others()).isEqualTo(1);
        assertThat(skipped).containsExactly(KEYS.client(OTHER, 1) + ": no addr", KEYS.member(THIRD) + ": no name");
    }

    /** etcd has lost its data. */
    @Test
    void aResyncMayBeOfALowerRevision() {
        router.apply(List.of(putMember(OTHER, 100), putClient(client(OTHER, 1), 100)));
        router.startReading();
        router.endReading(3);
        assertThat(replica.copy()).isEmpty();
        assertThat(replica.revision()).isEqualTo(3);
        router.apply(List.of(putMember(OTHER, 4), putClient(client(OTHER, 2), 4)));
        assertThat(replica.copy()).containsExactly(client(OTHER, 2));
    }

    @Test
    void nothingIsStagedWithoutAResync() {
        assertThatThrownBy(() -> stage(memberEntry(OTHER, 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> router.endReading(1)).isInstanceOf(IllegalStateException.class);
    }

    private void stage(KeyValue entry) {
        router.read(entry);
    }

    private static void assertSame(List<Client> before, List<Client> after) {
        assertThat(after).isEqualTo(before);
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i)).isSameAs(before.get(i));
        }
    }
}
