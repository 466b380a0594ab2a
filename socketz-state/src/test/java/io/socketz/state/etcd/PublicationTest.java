package io.socketz.state.etcd;

import static io.socketz.state.etcd.PublishedServer.SECOND;
import static io.socketz.state.etcd.PublishedServer.leaves;
import static io.socketz.state.etcd.PublishedServer.puts;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.client;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.Fence;
import io.socketz.state.etcd.transport.Write;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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

    // ---------------------------------------------------------------- the fence

    @Test
    void aCommitHoldsOnlyWhileTheMemberKeyIsWhatTheLastOneMadeIt() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.leave(1);
        ScriptedEtcd.Transaction lost = server.etcd.takeTransaction(leaves(1));
        assertThat(lost.fence).isEqualTo(new Fence(Samples.KEYS.member(SELF), 11));
        lost.fail(server.now, Kind.TIMEOUT);
        server.onDeadline();
        ScriptedEtcd.Transaction again = server.etcd.takeTransaction(leaves(1));
        assertThat(again.fence)
                .as("if the lost one still arrives, one of them does nothing")
                .isEqualTo(lost.fence);

        again.stopAtFence(server.now, 12);

        ScriptedEtcd.Transaction last = server.etcd.takeTransaction(leaves(1));
        assertThat(last.fence.revision()).isEqualTo(12);
        last.answer(server.now, 13L);
        assertThat(server.publication.isWritten()).isTrue();
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void whoeverChangesTheMemberKeyAllTheTimeIsNotFollowedAtThatPace() {
        PublishedServer server = PublishedServer.member();
        server.now += 2 * SECOND;
        server.onTime();
        server.etcd.takeTransaction("put members/self on 77").stopAtFence(server.now, 12);
        server.etcd.takeTransaction("put members/self on 77").stopAtFence(server.now, 14);
        assertThat(server.etcd.open()).doesNotContain("put members/self on 77");
        assertThat(server.told).containsExactly("failed: REFUSED");

        server.onDeadline();

        ScriptedEtcd.Transaction later = server.etcd.takeTransaction("put members/self on 77");
        assertThat(later.fence.revision()).isEqualTo(14);
        later.answer(server.now, 15L);
        assertThat(server.publication.isMember()).isTrue();
    }

    @Test
    void answersThatAreLostDoNotSeemLikeSomebodyWhoChangesTheMemberKey() {
        PublishedServer server = PublishedServer.member();
        server.beat();
        for (long revision = 11; revision <= 13; revision++) {
            server.fail("put members/self on 77", Kind.UNAVAILABLE); // and etcd has applied it
            server.onDeadline();
            server.etcd.takeTransaction("put members/self on 77").stopAtFence(server.now, revision);
        }
        server.answer("put members/self on 77", 14);
        assertThat(server.told)
                .containsExactly("failed: UNAVAILABLE", "failed: UNAVAILABLE", "failed: UNAVAILABLE", "revision 14");
    }

    /** A commit without an answer in time, which etcd applies, stops the next one at its fence. */
    @Test
    void anEtcdThatTakesThreeSecondsForEachCommitDoesNotKeepAServerWaitingForEver() {
        PublishedServer server = PublishedServer.member();
        SlowEtcd slow = new SlowEtcd(server, 10);
        server.join(1);
        server.etcd.take("grant 300").answer(server.now, 88L);
        long until = server.now + 60 * SECOND;
        while (!server.publication.isWritten() && server.now < until) {
            slow.step(3 * SECOND);
        }
        assertThat(server.publication.isWritten()).isTrue();
    }

    /** Applies each commit after some time, even if nobody waits for the answer any longer, and renews leases at once. */
    private static final class SlowEtcd {
        private record Late(long at, ScriptedEtcd.Transaction transaction) {}

        private final PublishedServer server;
        private final Deque<Late> late = new ArrayDeque<>();
        private long memberRevision;
        private long revision;

        SlowEtcd(PublishedServer server, long memberRevision) {
            this.server = server;
            this.memberRevision = memberRevision;
            this.revision = memberRevision;
        }

        void step(long delay) {
            for (String text : server.etcd.open()) {
                if (text.startsWith("renew")) {
                    server.etcd.take(text).answer(server.now, 6L);
                } else {
                    late.add(new Late(server.now + delay, server.etcd.takeTransaction(text)));
                }
            }
            long applyAt = late.isEmpty() ? Long.MAX_VALUE : late.getFirst().at;
            server.now = Math.max(server.now, Math.min(applyAt, server.publication.deadline()));
            if (server.now == applyAt) {
                apply(late.removeFirst().transaction);
            } else {
                server.onTime();
            }
        }

        private void apply(ScriptedEtcd.Transaction transaction) {
            boolean written = transaction.fence.revision() == memberRevision;
            if (written) {
                memberRevision = ++revision;
            }
            if (transaction.isCancelled()) {
                return;
            }
            if (written) {
                transaction.answer(server.now, revision);
            } else {
                transaction.stopAtFence(server.now, memberRevision);
            }
        }
    }

    @Test
    void aServerThatLeavesSaysSoEvenIfTheFirstAttemptStopsAtItsFence() {
        PublishedServer server = PublishedServer.member();
        server.publication.leaveAll(() -> {});
        server.publication.onEventEnd(server.now);
        String words = server.etcd.open().stream()
                .filter(text -> text.contains("closed/self"))
                .findFirst()
                .orElseThrow();

        server.etcd.takeTransaction(words).stopAtFence(server.now, 12);

        assertThat(server.etcd.takeTransaction(words).fence.revision()).isEqualTo(12);
    }

    @Test
    void theFirstCommitHoldsOnlyWhileThereIsNoMemberKey() {
        PublishedServer server = new PublishedServer();
        server.onTime();
        server.answer("grant 6", 77);

        ScriptedEtcd.Transaction first = server.etcd.takeTransaction("put members/self on 77");

        assertThat(first.fence.revision()).isZero();
        first.stopAtFence(server.now, 5);
        assertThat(server.etcd.takeTransaction("put members/self on 77").fence.revision())
                .isEqualTo(5);
    }

    // ---------------------------------------------------------------- joins and leaves

    @Test
    void aJoinIsPutOnALeaseAndALeaveDeletesIt() {
        PublishedServer server = PublishedServer.member();
        server.join(1);
        server.answer("grant 300", 88);
        assertThat(server.publication.isWritten()).isFalse();
        server.answer("put members/self on 77, put clients/self/1 on 88", 11);
        assertThat(server.publication.isWritten()).isTrue();
        assertThat(server.etcd.lastWrites)
                .last()
                .isInstanceOfSatisfying(
                        Write.Put.class, put -> assertThat(put.value()).isEqualTo(EtcdValues.of(client(SELF, 1))));
        server.leave(1);
        server.answer(leaves(1), 12);
        assertThat(server.publication.isWritten()).isTrue();
        assertThat(server.told).containsExactly("revision 11", "revision 12");
        assertThat(server.publication.lastCommitted()).isEqualTo(12);
    }

    @Test
    void leavingTwiceOrWithoutJoiningDoesNothing() {
        PublishedServer server = PublishedServer.memberWith(1);
        assertThat(server.publication.leave(2, Samples.QUIT)).isNull();
        server.leave(1);
        assertThat(server.publication.leave(1, Samples.QUIT)).isNull();
        server.answer(leaves(1), 12);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aJoinAndALeaveThatMeetInTheQueueWriteNothing() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2); // on its way
        server.join(3, 4, 5);
        server.leave(3, 5);
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        server.answer("put members/self on 77, put clients/self/4 on 88", 13);
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
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        server.answer(leaves(2), 13);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void joinsBeforeTheMemberKeyAreWrittenWithIt() {
        PublishedServer server = new PublishedServer();
        server.join(1);
        server.onTime();
        assertThat(server.etcd.open()).containsExactlyInAnyOrder("grant 300", "grant 6");
        server.etcd.take("grant 300").answer(server.now, 88L);
        assertThat(server.etcd.open()).as("nobody would show it").containsExactly("grant 6");
        server.etcd.take("grant 6").answer(server.now, 77L);
        server.answer("put members/self on 77, put clients/self/1 on 88", 10);
        assertThat(server.publication.isWritten()).isTrue();
    }

    // ---------------------------------------------------------------- transactions

    @Test
    void oneTransactionAtATimeTakesEverythingThatWaits() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        server.join(3, 4);
        server.leave(1);
        assertThat(server.etcd.open()).containsExactly("put members/self on 77, put clients/self/2 on 88");
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        server.answer(
                "put members/self on 77, put closed/self on 77, delete clients/self/1, put clients/self/3 on 88, put clients/self/4 on 88",
                13);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aTransactionWritesAtMost128Keys() {
        PublishedServer server = PublishedServer.member();
        server.join(LongStream.rangeClosed(1, 300).toArray());
        server.answer("grant 300", 88);
        server.answer(puts(88, LongStream.rangeClosed(1, 127).toArray()), 11);
        server.answer(puts(88, LongStream.rangeClosed(128, 254).toArray()), 12);
        server.answer(puts(88, LongStream.rangeClosed(255, 300).toArray()), 13);
        assertThat(server.publication.isWritten()).isTrue();
    }

    /** So if one fails for lack of a lease, it is that one, or the member's. */
    @Test
    void aTransactionPutsClientsOnOneLeaseOnly() {
        PublishedServer server = PublishedServer.member();
        server.join(LongStream.rangeClosed(1, 1_001).toArray());
        server.answer("grant 300", 88);
        for (long first = 1; first <= 1_000; first += 127) {
            long last = Math.min(first + 126, 1_000);
            server.answer(puts(88, LongStream.rangeClosed(first, last).toArray()), 10 + first);
        }
        server.answer("grant 300", 89);
        server.answer("put members/self on 77, put clients/self/1001 on 89", 2_000);

        server.seen(Samples.deleteClient(client(SELF, 1_000), 2_001)); // on its way at once
        server.seen(Samples.deleteClient(client(SELF, 1_001), 2_002));
        server.seen(Samples.deleteClient(client(SELF, 7), 2_003));
        server.answer("put members/self on 77, put clients/self/1000 on 88", 2_004);
        server.answer("put members/self on 77, put clients/self/1001 on 89", 2_005);
        server.answer("put members/self on 77, put clients/self/7 on 88", 2_006);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aBeatSharesACommitWithDeletesAndPuts() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.join(3); // on its way
        server.join(4);
        server.leave(1);
        server.beat();
        server.answer("put members/self on 77, put clients/self/3 on 88", 12);
        server.answer(
                "put members/self on 77, put closed/self on 77, delete clients/self/1, put clients/self/4 on 88", 13);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void aCommitThatPutsClientsIsABeat() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.now += SECOND;
        server.join(2);
        server.answer("put members/self on 77, put clients/self/2 on 88", 12);
        server.now += 2 * SECOND - 1;
        server.onTime();
        assertThat(server.etcd.open()).containsExactly("renew 77");
        server.now += 1;
        server.onTime();
        assertThat(server.etcd.open()).as("2 s after that one").contains("put members/self on 77");
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
        server.answer(leaves(500), 30);
        server.join(1_001);
        server.answer("put members/self on 77, put clients/self/1001 on 88", 31);
        server.join(1_002);
        assertThat(server.etcd.open()).containsExactly("grant 300");
    }

    // ---------------------------------------------------------------- failures

    @Test
    void aFailedCommitIsRetriedAfterTheBackoffWithTheStateByThen() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.leave(1); // on its way
        server.fail(leaves(1), Kind.UNAVAILABLE);
        server.join(3, 4);
        server.leave(2, 3);
        assertThat(server.etcd.open()).as("before the backoff is over").isEmpty();
        assertThat(server.told).containsExactly("failed: UNAVAILABLE");
        long failedAt = server.now;
        server.onDeadline();
        assertThat(server.now - failedAt).isBetween(SECOND / 20, SECOND / 10);
        server.answer(
                "put members/self on 77, put closed/self on 77, delete clients/self/1, delete clients/self/2, put clients/self/4 on 88",
                12);
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aClientThatLeavesAfterAnUncertainJoinIsDeleted() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        server.fail("put members/self on 77, put clients/self/2 on 88", Kind.UNAVAILABLE);
        server.leave(2);
        server.onDeadline();
        server.answer(leaves(2), 12);
        assertThat(server.etcd.open()).isEmpty();
    }

    @Test
    void anUnansweredCommitIsCancelledAfterTwoSecondsAndRetried() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.join(2);
        ScriptedEtcd.Asked<Long> late = server.etcd.take("put members/self on 77, put clients/self/2 on 88");
        server.now += Patience.USUAL_NANOS;
        server.onTime();
        assertThat(late.isCancelled()).isTrue();
        assertThat(server.told).containsExactly("failed: TIMEOUT");
        server.etcd.take("renew 77").answer(server.now, 6L);
        server.onDeadline();
        late.answer(server.now, 11L);
        server.answer("put members/self on 77, put clients/self/2 on 88", 13);
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
        server.answer("put members/self on 77, put clients/self/2 on 88", 499);
        assertThat(server.told).containsExactly("back to 499");
        server.told.clear();
        server.join(3);
        server.answer("put members/self on 77, put clients/self/3 on 88", 500); // a put always makes a new one
        assertThat(server.told).containsExactly("back to 500");
        server.told.clear();
        server.seen(Samples.putClient(client(SELF, 9), 500)); // a ghost
        server.answer("delete clients/self/9", 500); // the key was not there: nothing changed
        assertThat(server.told).containsExactly("revision 500");
    }

    // ---------------------------------------------------------------- lost leases

    @Test
    void clientsOfALostLeaseArePutOnAnother() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.join(3);
        server.fail("put members/self on 77, put clients/self/3 on 88", Kind.LEASE_NOT_FOUND);
        assertThat(server.told).as("etcd is healthy").isEmpty();
        server.answer("put members/self on 77", 12); // so it is the other lease
        server.answer("grant 300", 89);
        assertThat(server.etcd.open()).hasSize(1);
        assertThat(server.etcd.lastWrites)
                .extracting(Write::key)
                .containsExactlyInAnyOrder(
                        Samples.KEYS.member(SELF),
                        Samples.KEYS.client(SELF, 1),
                        Samples.KEYS.client(SELF, 2),
                        Samples.KEYS.client(SELF, 3));
        assertThat(server.etcd.open().get(0)).doesNotContain("on 88");
        server.etcd.takeAny("put").answer(server.now, 13L);
        assertThat(server.publication.isWritten()).isTrue();
    }

    @Test
    void aJoinThatFindsTheMemberLeaseLostMakesTheServerAMemberAgain() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.now += SECOND;
        server.join(2);
        server.fail("put members/self on 77, put clients/self/2 on 88", Kind.LEASE_NOT_FOUND);
        server.fail("put members/self on 77", Kind.LEASE_NOT_FOUND);
        assertThat(server.told).containsExactly("lapsed after PT1S");
        assertThat(server.announced).doesNotContain(2L);
        server.onDeadline();
        server.answer("grant 6", 78);
        server.answer("put members/self on 78, put clients/self/2 on 88", 12);
        assertThat(server.announced).contains(2L);
        assertThat(server.publication.isMember()).isTrue();
    }

    @Test
    void whileItIsUnclearWhichLeaseIsLostClientsAreDeletedButNotPut() {
        PublishedServer server = PublishedServer.memberWith(2);
        server.join(3);
        server.leave(1);
        server.fail("put members/self on 77, put clients/self/3 on 88", Kind.LEASE_NOT_FOUND);
        server.fail(leaves(1), Kind.UNAVAILABLE);
        server.onDeadline();
        server.answer(leaves(1), 12);
        server.answer("grant 300", 89);
        server.etcd.takeAny("put members/self on 77, put clients/self/").answer(server.now, 13L);
        assertThat(server.publication.isWritten()).isTrue();
        assertThat(server.etcd.open()).isEmpty();
    }

    /** The new member lease proves nothing about the old one, so the commit is simply made again. */
    @Test
    void aNewMemberLeaseEndsTheDoubtAboutTheOldOne() {
        PublishedServer server = PublishedServer.memberWith(1);
        server.now += 2 * SECOND;
        server.join(2);
        ScriptedEtcd.Asked<Long> commit = server.etcd.take("put members/self on 77, put clients/self/2 on 88");
        server.onTime();
        server.answer("renew 77", 0);
        server.onDeadline();
        server.answer("grant 6", 78);
        commit.fail(server.now, Kind.LEASE_NOT_FOUND);
        server.answer("put members/self on 78, put clients/self/2 on 88", 12);
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
