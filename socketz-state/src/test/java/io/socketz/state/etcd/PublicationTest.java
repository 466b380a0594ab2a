package io.socketz.state.etcd;

import static io.socketz.state.etcd.PublishedServer.SECOND;
import static io.socketz.state.etcd.PublishedServer.deletes;
import static io.socketz.state.etcd.PublishedServer.puts;
import static io.socketz.state.etcd.Samples.OTHER;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.client;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Joins, leaves and the member key, as long as nobody else touches this server's keys. */
class PublicationTest {
    // ---------------------------------------------------------------- the member key

    @Test
    void becomesAMemberWithItsOwnLease() {
        PublishedServer server = new PublishedServer();
        server.onTime();
        assertThat(server.publication.isMember()).isFalse();
        server.answer("grant 6", 77);
        assertThat(server.publication.isMember()).isFalse();
        server.answer("put members/self on 77", 10);
        assertThat(server.publication.isMember()).isTrue();
        assertThat(server.publication.isWritten()).isTrue();
        assertThat(server.told).containsExactly("revision 10");
        assertThat(server.etcd.lastWrites)
                .singleElement()
                .isInstanceOfSatisfying(
                        Write.Put.class, put -> assertThat(put.value()).isEqualTo(EtcdValues.of(Samples.member(SELF))));
    }

    @Test
    void writesItsMemberKeyEveryTwoSeconds() {
        PublishedServer server = PublishedServer.member();
        long start = server.now;
        List<Long> beats = new ArrayList<>();
        for (long revision = 11; beats.size() < 5; revision++) {
            server.onDeadline();
            for (String text : server.etcd.open()) {
                boolean beat = text.equals("put members/self on 77");
                server.etcd.take(text).answer(server.now, beat ? revision : 6);
                if (beat) {
                    beats.add((server.now - start) / SECOND);
                }
            }
        }
        assertThat(beats).containsExactly(2L, 4L, 6L, 8L, 10L);
    }

    @Test
    void aBeatCanComeEarly() {
        PublishedServer server = PublishedServer.member();
        server.now += SECOND / 10;
        server.beat();
        server.answer("put members/self on 77", 11);
        server.now += 2 * SECOND - 1;
        server.onTime();
        assertThat(server.etcd.open()).containsExactly("renew 77");
        server.now += 1;
        server.onTime();
        assertThat(server.etcd.open()).as("2 s after that one").contains("put members/self on 77");
    }

    // ---------------------------------------------------------------- joins and leaves

    @Test
    void aJoinIsPutOnALeaseAndALeaveDeletesIt() {
        PublishedServer server = PublishedServer.member();
        server.join(1);
        server.answer("grant 300", 88);
        assertThat(server.publication.isWritten()).isFalse();
        server.answer("put clients/self/1 on 88", 11);
        assertThat(server.publication.isWritten()).isTrue();
        assertThat(server.etcd.lastWrites)
                .singleElement()
                .isInstanceOfSatisfying(
                        Write.Put.class, put -> assertThat(put.value()).isEqualTo(EtcdValues.of(client(SELF, 1))));
        server.leave(1);
        server.answer("delete clients/self/1", 12);
        assertThat(server.publication.isWritten()).isTrue();
        assertThat(server.told).containsExactly("revision 11", "revision 12");
        assertThat(server.publication.lastCommitted()).isEqualTo(12);
    }

    @Test
    void leavingTwiceOrWithoutJoiningDoesNothing() {
        PublishedServer server = PublishedServer.memberWith(1);
        assertThat(server.publication.leave(client(SELF, 2))).isFalse();
        assertThat(server.publication.leave(client(OTHER, 1))).isFalse();
        server.leave(1);
        assertThat(server.publication.leave(client(SELF, 1))).isFalse();
        server.answer("delete clients/self/1", 12);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aJoinAndALeaveThatMeetInTheQueueWriteNothing() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2); // on its way
        server.join(3, 4, 5);
        server.leave(3, 5);
        server.answer("put clients/self/2 on 88", 12);
        server.answer("put clients/self/4 on 88", 13);
        assertThat(server.etcd.open()).isEmpty();
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aJoinAndALeaveBeforeThereIsALeaseWriteNothing() {
        PublishedServer server = PublishedServer.member();
        server.join(1);
        server.leave(1);
        server.answer("grant 300", 88);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aClientThatLeavesDuringItsJoinIsDeletedAfterwards() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        server.leave(2);
        server.answer("put clients/self/2 on 88", 12);
        server.answer("delete clients/self/2", 13);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void joinsBeforeTheMemberKeyAreWrittenToo() {
        PublishedServer server = new PublishedServer();
        server.join(1);
        server.onTime();
        assertThat(server.etcd.open()).containsExactlyInAnyOrder("grant 300", "grant 6");
        server.etcd.take("grant 300").answer(server.now, 88L);
        server.etcd.take("grant 6").answer(server.now, 77L);
        server.answer("put clients/self/1 on 88", 10);
        server.answer("put members/self on 77", 11);
        assertThat(server.publication.isWritten()).isTrue();
    }

    // ---------------------------------------------------------------- transactions

    @Test
    void oneTransactionAtATimeTakesEverythingThatWaits() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        server.join(3, 4);
        server.leave(1);
        assertThat(server.etcd.open()).containsExactly("put clients/self/2 on 88");
        server.answer("put clients/self/2 on 88", 12);
        server.answer(deletes(1) + ", " + puts(88, 3, 4), 13);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aTransactionWritesAtMost128Keys() {
        PublishedServer server = PublishedServer.member();
        server.join(LongStream.rangeClosed(1, 300).toArray());
        server.answer("grant 300", 88);
        server.answer(puts(88, LongStream.rangeClosed(1, 128).toArray()), 11);
        server.answer(puts(88, LongStream.rangeClosed(129, 256).toArray()), 12);
        server.answer(puts(88, LongStream.rangeClosed(257, 300).toArray()), 13);
        assertThat(server.publication.isWritten()).isTrue();
    }

    /** So if one fails for lack of a lease, it is clear which lease. */
    @Test
    void aTransactionPutsOnOneLeaseOnly() {
        PublishedServer server = PublishedServer.member();
        server.join(LongStream.rangeClosed(1, 1_001).toArray());
        server.answer("grant 300", 88);
        for (long first = 1; first <= 1_000; first += 128) {
            long last = Math.min(first + 127, 1_000);
            server.answer(puts(88, LongStream.rangeClosed(first, last).toArray()), 10 + first);
        }
        server.answer("grant 300", 89);
        server.answer("put clients/self/1001 on 89", 2_000);

        server.seen(Samples.deleteClient(client(SELF, 1_000), 2_001)); // on its way at once
        server.seen(Samples.deleteClient(client(SELF, 1_001), 2_002));
        server.seen(Samples.deleteClient(client(SELF, 7), 2_003));
        server.answer("put clients/self/1000 on 88", 2_004);
        server.answer("put clients/self/1001 on 89", 2_005);
        server.answer("put clients/self/7 on 88", 2_006);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aBeatSharesACommitWithDeletesButNotWithPuts() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.join(3); // on its way
        server.join(4);
        server.leave(1);
        server.beat();
        server.answer("put clients/self/3 on 88", 12);
        server.answer("put members/self on 77, delete clients/self/1", 13);
        server.answer("put clients/self/4 on 88", 14);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aLeaversRoomOnALeaseIsReused() {
        PublishedServer server = PublishedServer.member();
        server.join(LongStream.rangeClosed(1, 1_000).toArray());
        server.answer("grant 300", 88);
        for (long revision = 11; !server.publication.isWritten(); revision++) {
            server.etcd.takeAny("put").answer(server.now, revision);
        }
        server.leave(500);
        server.answer("delete clients/self/500", 30);
        server.join(1_001);
        server.answer("put clients/self/1001 on 88", 31);
        server.join(1_002);
        assertThat(server.etcd.open()).containsExactly("grant 300");
    }

    // ---------------------------------------------------------------- failures

    @Test
    void aFailedCommitIsRetriedAfterTheBackoffWithTheStateByThen() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.leave(1); // on its way
        server.fail("delete clients/self/1", Kind.UNAVAILABLE);
        server.join(3, 4);
        server.leave(2, 3);
        assertThat(server.etcd.open()).as("before the backoff is over").isEmpty();
        assertThat(server.told).containsExactly("failed: UNAVAILABLE");
        long failedAt = server.now;
        server.onDeadline();
        assertThat(server.now - failedAt).isBetween(SECOND / 20, SECOND / 10);
        server.answer("delete clients/self/1, delete clients/self/2, put clients/self/4 on 88", 12);
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aClientThatLeavesAfterAnUncertainJoinIsDeleted() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        server.fail("put clients/self/2 on 88", Kind.UNAVAILABLE);
        server.leave(2);
        server.onDeadline();
        server.answer("delete clients/self/2", 12);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void anUnansweredCommitIsCancelledAfterTwoSecondsAndRetried() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        ScriptedEtcd.Asked<Long> late = server.etcd.take("put clients/self/2 on 88");
        server.now += Exchange.TIMEOUT_NANOS;
        server.onTime();
        assertThat(late.isCancelled()).isTrue();
        assertThat(server.told).containsExactly("failed: TIMEOUT");
        server.etcd.take("renew 77").answer(server.now, 6L);
        server.onDeadline();
        assertThat(server.etcd.open()).as("the beat goes first").containsExactly("put members/self on 77");
        server.answer("put members/self on 77", 12);
        late.answer(server.now, 11L);
        server.answer("put clients/self/2 on 88", 13);
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aFailedBeatIsRetried() {
        PublishedServer server = PublishedServer.member();
        server.beat();
        server.fail("put members/self on 77", Kind.UNAVAILABLE);
        server.onDeadline();
        server.answer("put members/self on 77", 11);
    }

    @Test
    void failingCommitsAreMadeAtMostFourTimesASecond() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        long start = server.now;
        int commits = 0;
        while (server.now < start + 60 * SECOND) {
            for (String text : server.etcd.open()) {
                if (text.startsWith("renew")) {
                    server.etcd.take(text).answer(server.now, 6L);
                } else {
                    commits++;
                    server.etcd.take(text).fail(server.now, Kind.UNAVAILABLE);
                }
            }
            server.onDeadline();
        }
        assertThat(commits).isBetween(60, 244);
    }

    @Test
    void aRevisionBelowAKnownOneIsReported() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.knownRevision = 500;
        server.join(2);
        server.answer("put clients/self/2 on 88", 499);
        assertThat(server.told).containsExactly("back to 499");
        server.told.clear();
        server.join(3);
        server.answer("put clients/self/3 on 88", 500); // a put always makes a new one
        assertThat(server.told).containsExactly("back to 500");
        server.told.clear();
        server.leave(2);
        server.answer("delete clients/self/2", 500); // the key was not there: nothing changed
        assertThat(server.told).containsExactly("revision 500");
    }

    // ---------------------------------------------------------------- lost leases

    @Test
    void clientsOfALostLeaseArePutOnAnother() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.join(3);
        server.fail("put clients/self/3 on 88", Kind.LEASE_NOT_FOUND);
        assertThat(server.told).as("etcd is healthy").isEmpty();
        server.answer("grant 300", 89);
        assertThat(server.etcd.open()).hasSize(1);
        assertThat(server.etcd.lastWrites)
                .extracting(Write::key)
                .containsExactlyInAnyOrder(
                        Samples.KEYS.client(SELF, 1), Samples.KEYS.client(SELF, 2), Samples.KEYS.client(SELF, 3));
        assertThat(server.etcd.open().get(0)).doesNotContain("on 88");
        server.etcd.takeAny("put").answer(server.now, 12L);
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void clientsOfALeaseFoundLostByARenewalArePutOnAnother() {
        PublishedServer server = PublishedServer.memberWith(2);
        long revision = 12;
        while (!server.etcd.open().contains("renew 88")) {
            for (String text : server.etcd.open()) {
                server.etcd.take(text).answer(server.now, text.startsWith("renew") ? 6 : revision++);
            }
            server.onDeadline();
        }
        server.etcd.take("renew 88").answer(server.now, 0L);
        server.etcd.take("renew 77").answer(server.now, 6L);
        server.answer("put members/self on 77", revision);
        server.answer("grant 300", 89);
        server.answer(puts(89, 1, 2), revision + 1);
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aMemberThatLosesItsLeaseLapsesAndBecomesAMemberAgain() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.now += SECOND;
        server.beat();
        server.fail("put members/self on 77", Kind.LEASE_NOT_FOUND);
        assertThat(server.told).containsExactly("lapsed after PT1S");
        assertThat(server.publication.isMember()).isFalse();
        server.onDeadline();
        server.answer("grant 6", 78);
        server.answer("put members/self on 78", 12);
        assertThat(server.publication.isMember()).isTrue();
    }

    @Test
    void aMemberWhoseRenewalFindsNoLeaseLapsesOnce() {
        PublishedServer server = PublishedServer.member();
        server.now += 2 * SECOND;
        server.onTime();
        server.etcd.take("renew 77").answer(server.now, 0L);
        server.etcd.take("put members/self on 77").fail(server.now, Kind.LEASE_NOT_FOUND);
        assertThat(server.told).containsExactly("lapsed after PT2S");
        server.onDeadline();
        server.answer("grant 6", 78);
        server.answer("put members/self on 78", 12);
        assertThat(server.told).hasSize(2);
    }

    @Test
    void aFailedBeatOnAReplacedLeaseDoesNotAffectTheNewOne() {
        PublishedServer server = PublishedServer.member();
        server.now += 2 * SECOND;
        server.onTime();
        ScriptedEtcd.Asked<Long> beat = server.etcd.take("put members/self on 77");
        server.answer("renew 77", 0);
        server.onDeadline();
        server.answer("grant 6", 78);
        beat.fail(server.now, Kind.LEASE_NOT_FOUND);
        server.answer("put members/self on 78", 12);
        assertThat(server.publication.isMember()).isTrue();
        assertThat(server.told).containsExactly("lapsed after PT2S", "revision 12");
    }
}
