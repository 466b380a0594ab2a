package io.socketz.state.etcd;

import static io.socketz.state.etcd.PublishedServer.deletes;
import static io.socketz.state.etcd.PublishedServer.leaves;
import static io.socketz.state.etcd.PublishedServer.puts;
import static io.socketz.state.etcd.Samples.KEYS;
import static io.socketz.state.etcd.Samples.NOON;
import static io.socketz.state.etcd.Samples.OTHER;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.THIRD;
import static io.socketz.state.etcd.Samples.client;
import static io.socketz.state.etcd.Samples.clientEntry;
import static io.socketz.state.etcd.Samples.deleteClient;
import static io.socketz.state.etcd.Samples.deleteMember;
import static io.socketz.state.etcd.Samples.memberEntry;
import static io.socketz.state.etcd.Samples.putClient;
import static io.socketz.state.etcd.Samples.putMember;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.etcd.ClosedClients.Closed;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.WatchEvent;
import io.socketz.state.etcd.transport.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Who has left, and why: how a server says it, and what the others make of it. */
class DeparturesTest {
    /** What {@link Samples#CLOCK} says. */
    private static final long NOTICED = NOON + 3_600_000;

    private final List<String> skipped = new ArrayList<>();
    private final SkippedKeys skippedKeys = SkippedKeysRecorder.into(skipped);
    private final Replica replica = new Replica(Samples.member(SELF), skippedKeys, Samples.CLOCK);
    private final KeyRouter router = new KeyRouter(SELF, KEYS, new PublishedServer().publication, replica, skippedKeys);

    // ---------------------------------------------------------------- saying it

    @Test
    void theReasonIsPutInTheCommitThatDeletesTheKey() {
        PublishedServer server = PublishedServer.memberWith(3);
        server.leave(1);
        server.leave(2); // with the next commit
        assertThat(said(server)).isEqualTo(new ClosedClients(Map.of(1L, Samples.QUIT), false));
        server.answer(leaves(1), 12);
        assertThat(said(server)).isEqualTo(new ClosedClients(Map.of(2L, Samples.QUIT), false));
        server.answer(leaves(2), 13);
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aCommitWithDeletesHasAtMost128Operations() {
        PublishedServer server = PublishedServer.memberWith(100);
        server.join(101); // on its way
        server.leave(LongStream.rangeClosed(1, 100).toArray());
        server.join(LongStream.rangeClosed(102, 200).toArray());
        server.answer(puts(88, 101), 12);
        assertThat(server.etcd.lastWrites).hasSize(128);
        assertThat(said(server).left()).hasSize(63);
        server.etcd.takeAny("put").answer(server.now, 13L);
        server.etcd.takeAny("put").answer(server.now, 14L);
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aReasonIsSaidAgainWithEachRetry() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.leave(1);
        server.fail(leaves(1), Kind.UNAVAILABLE);
        server.onDeadline();
        server.answer(leaves(1), 12);
        assertThat(said(server).find(1)).isEqualTo(Samples.QUIT);
    }

    @Test
    void withoutAMemberKeyNobodyShowsTheClientsAndNothingIsSaid() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.leave(1);
        server.fail(leaves(1), Kind.LEASE_NOT_FOUND); // the member's: a delete needs none
        server.answer("delete clients/self/1", 12);
        assertThat(server.publication.isMember()).isFalse();
    }

    @Test
    void aServerThatLeavesSaysSoInTheCommitThatDeletesItsMemberKey() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.publication.leaveAll(() -> {});
        server.publication.onEventEnd(server.now);
        server.answer("put closed/self on 77, delete members/self, " + deletes(1), 12);
        assertThat(said(server)).isEqualTo(new ClosedClients(Map.of(), true));
    }

    @Test
    void aServerThatLeavesWithoutALeaseOrToAFullEtcdLeavesWithoutAWord() {
        for (Kind kind : List.of(Kind.LEASE_NOT_FOUND, Kind.REFUSED)) {
            PublishedServer server = PublishedServer.memberWith(1);
            server.publication.leaveAll(() -> {});
            server.publication.onEventEnd(server.now);
            server.fail("put closed/self on 77, delete members/self, " + deletes(1), kind);
            if (kind == Kind.REFUSED) {
                server.onDeadline();
            }
            server.answer("delete members/self, " + deletes(1), 12);
            server.answer("revoke 77", 12);
        }
    }

    private static ClosedClients said(PublishedServer server) {
        for (Write write : server.etcd.lastWrites) {
            if (write instanceof Write.Put put && put.key().equals(KEYS.closed(SELF))) {
                return parse(put.value());
            }
        }
        throw new AssertionError("nothing said");
    }

    private static ClosedClients parse(byte[] value) {
        try {
            return EtcdValues.closed(value);
        } catch (EtcdValues.Malformed e) {
            throw new AssertionError(new String(value, UTF_8), e);
        }
    }

    // ---------------------------------------------------------------- hearing it

    @Test
    void aReasonIsSeenAtTheRevisionOfTheDeleteWhateverTheOrder() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2), putClient(client(OTHER, 2), 2)));
        Closed idle = new Closed("IDLE_TIMEOUT", NOON + 7);
        router.apply(List.of(
                deleteClient(client(OTHER, 1), 3),
                putClosed(OTHER, 3, Map.of(1L, Samples.QUIT, 2L, idle)),
                deleteClient(client(OTHER, 2), 3)));
        assertThat(departures())
                .containsExactly(
                        new Departure(client(OTHER, 1), "CLIENT_QUIT", NOON + 1_800_000, 3),
                        new Departure(client(OTHER, 2), "IDLE_TIMEOUT", NOON + 7, 3));
    }

    @Test
    void aReasonIsNeverTakenFromAnotherServerOrAnotherClient() {
        router.apply(List.of(
                putMember(OTHER, 1),
                putMember(THIRD, 1),
                putClient(client(OTHER, 1), 2),
                putClient(client(THIRD, 1), 2)));
        router.apply(List.of(putClosed(OTHER, 3, Map.of(2L, Samples.QUIT)), deleteClient(client(OTHER, 1), 3)));
        router.apply(List.of(putClosed(OTHER, 4, Map.of(1L, Samples.QUIT)), deleteClient(client(THIRD, 1), 4)));
        assertThat(departures())
                .containsExactly(
                        new Departure(client(OTHER, 1), Departure.UNKNOWN, NOTICED, 3),
                        new Departure(client(THIRD, 1), Departure.UNKNOWN, NOTICED, 4));
    }

    @Test
    void theClientsOfALostServerAreLostWithIt() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2), putClient(client(OTHER, 2), 2)));
        router.apply(List.of(deleteMember(OTHER, 3), deleteClient(client(OTHER, 1), 4)));
        assertThat(departures())
                .containsExactly(
                        new Departure(client(OTHER, 1), Departure.SERVER_LOST, NOTICED, 3),
                        new Departure(client(OTHER, 2), Departure.SERVER_LOST, NOTICED, 3));
        router.apply(List.of(putMember(OTHER, 5)));
        assertThat(replica.copy()).as("it was not lost").containsExactly(client(OTHER, 2));
    }

    @Test
    void theClientsOfAServerThatStopsLeaveForThatReasonUnlessTheyHaveOneOfTheirOwn() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2), putClient(client(OTHER, 2), 2)));
        byte[] said = EtcdValues.of(new ClosedClients(Map.of(2L, Samples.QUIT), true));
        router.apply(List.of(
                deleteMember(OTHER, 3),
                deleteClient(client(OTHER, 1), 3),
                deleteClient(client(OTHER, 2), 3),
                Samples.put(new KeyValue(KEYS.closed(OTHER), said, 1, 3))));
        assertThat(departures())
                .containsExactly(
                        new Departure(client(OTHER, 1), Departure.SERVER_STOPPING, NOTICED, 3),
                        new Departure(client(OTHER, 2), "CLIENT_QUIT", NOON + 1_800_000, 3));
    }

    @Test
    void aResyncFindsTheReasonsThatAreStillThereAndSaysOfTheOthersThatItDoesNotKnow() {
        router.apply(List.of(
                putMember(OTHER, 1),
                putMember(THIRD, 1),
                putClient(client(OTHER, 1), 2),
                putClient(client(OTHER, 2), 2),
                putClient(client(OTHER, 3), 2),
                putClient(client(THIRD, 1), 2)));
        router.startReading();
        router.read(clientEntry(client(OTHER, 3).withName("alice"), 5));
        router.read(new KeyValue(KEYS.closed(OTHER), EtcdValues.of(closed(Map.of(2L, Samples.QUIT))), 1, 6));
        router.read(memberEntry(OTHER, 1));
        router.endReading(9);
        assertThat(departures())
                .containsExactlyInAnyOrder(
                        new Departure(client(OTHER, 1), Departure.UNKNOWN, NOTICED, 9),
                        new Departure(client(OTHER, 2), "CLIENT_QUIT", NOON + 1_800_000, 9),
                        new Departure(client(THIRD, 1), Departure.UNKNOWN, NOTICED, 9));
    }

    /** A lost server's client keys stay for some minutes. One that stops in order deletes them, and the closed key last. */
    @Test
    void aResyncTellsALostServerFromOneThatHasStoppedAsLongAsEtcdHasAnythingOfIt() {
        router.apply(List.of(
                putMember(OTHER, 1),
                putMember(THIRD, 1),
                putClient(client(OTHER, 1), 2),
                putClient(client(OTHER, 2), 2),
                putClient(client(THIRD, 1), 2)));
        router.startReading();
        router.read(clientEntry(client(OTHER, 2), 2));
        byte[] stopping = EtcdValues.of(new ClosedClients(Map.of(), true));
        router.read(new KeyValue(KEYS.closed(THIRD), stopping, 1, 6));
        router.endReading(9);
        assertThat(departures())
                .containsExactlyInAnyOrder(
                        new Departure(client(OTHER, 1), Departure.SERVER_LOST, NOTICED, 9),
                        new Departure(client(OTHER, 2), Departure.SERVER_LOST, NOTICED, 9),
                        new Departure(client(THIRD, 1), Departure.SERVER_STOPPING, NOTICED, 9));
    }

    @Test
    void aMalformedValueIsReportedAndSaysNothing() {
        router.apply(List.of(putMember(OTHER, 1), putClient(client(OTHER, 1), 2)));
        router.apply(List.of(
                Samples.put(Samples.entry(KEYS.closed(OTHER), "{\"left\":[{\"number\":1}]}", 3)),
                deleteClient(client(OTHER, 1), 3)));
        assertThat(departures()).extracting(Departure::reason).containsExactly(Departure.UNKNOWN);
        assertThat(skipped).containsExactly(KEYS.closed(OTHER) + ": no reason");
        router.apply(List.of(Samples.put(Samples.entry(KEYS.closed(new UUID(1, 1)), "{}", 4))));
        assertThat(replica.others()).as("it makes no member").isEqualTo(1);
    }

    @Test
    void ofAHugeServerTheLatestTenThousandAreKept() {
        List<WatchEvent> events = new ArrayList<>();
        events.add(putMember(OTHER, 1));
        for (long number = 1; number <= 10_500; number++) {
            events.add(putClient(client(OTHER, number), 2));
        }
        router.apply(events);
        router.apply(List.of(deleteMember(OTHER, 3)));
        assertThat(departures())
                .hasSize(10_000)
                .first()
                .extracting(Departure::client)
                .isEqualTo(client(OTHER, 501));
    }

    @Test
    void anOwnClientsDepartureIsKnownAtOnce() {
        Client own = client(SELF, 1);
        replica.addOwn(own);
        replica.removeOwn(own, Samples.QUIT);
        assertThat(departures()).containsExactly(new Departure(own, "CLIENT_QUIT", NOON + 1_800_000, 0));
    }

    private static ClosedClients closed(Map<Long, Closed> left) {
        return new ClosedClients(left, false);
    }

    private static WatchEvent putClosed(UUID server, long revision, Map<Long, Closed> left) {
        byte[] value = EtcdValues.of(closed(new HashMap<>(left)));
        return Samples.put(new KeyValue(KEYS.closed(server), value, 1, revision));
    }

    private List<Departure> departures() {
        List<Departure> all = new ArrayList<>();
        replica.departures().forEach(all::addAll);
        return all;
    }
}
