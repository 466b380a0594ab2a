package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private static final long MILLISECOND = 1_000_000;
    private static final long START = -10_000 * MILLISECOND;
    private static final String READ = "revision of members/self";

    private final ScriptedEtcd etcd = new ScriptedEtcd();
    private final List<String> told = new ArrayList<>();
    private final Freshness freshness = new Freshness(
            Samples.KEYS.member(Samples.SELF),
            etcd,
            new Random(1),
            this::isPublished,
            this::replicaRevision,
            new Recorder());

    private long now = START;
    private long replicaRevision = 20;
    private boolean published = true;

    private boolean isPublished() {
        return published;
    }

    private long replicaRevision() {
        return replicaRevision;
    }

    /** As {@link Replication} does. */
    private final class Recorder implements Freshness.RevisionListener {
        @Override
        public void onRevision(long now, long sentAt, long revision) {
            freshness.onProof(sentAt, revision, replicaRevision);
        }

        @Override
        public void onStuck(long now) {
            told.add("stuck");
        }

        @Override
        public void onRevisionBack(long now, long revision) {
            told.add("back to " + revision);
        }

        @Override
        public void onFailure(long now, EtcdFailure failure) {
            told.add("failed: " + failure.kind());
        }
    }

    @BeforeEach
    void start() {
        freshness.onStart(START);
    }

    // ---------------------------------------------------------------- proofs

    @Test
    void beforeAnyProofItIsAsOldAsTheStart() {
        assertThat(freshness.confirmedAt()).isEqualTo(START);
        assertThat(freshness.isConfirmed()).isFalse();
        assertThat(freshness.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aProofCountsOnceTheReplicaIsAtItsRevision() {
        freshness.onProof(START + 5, 20, replicaRevision);
        assertThat(freshness.isConfirmed()).isTrue();
        assertThat(freshness.confirmedAt()).isEqualTo(START + 5);
        freshness.onProof(START + 10, 22, replicaRevision);
        freshness.onProof(START + 15, 24, replicaRevision);
        replicaAt(21);
        assertThat(freshness.confirmedAt()).isEqualTo(START + 5);
        replicaAt(22);
        assertThat(freshness.confirmedAt()).isEqualTo(START + 10);
        replicaAt(30);
        assertThat(freshness.confirmedAt()).isEqualTo(START + 15);
    }

    @Test
    void anOlderProofChangesNothing() {
        freshness.onProof(START + 10, 20, replicaRevision);
        freshness.onProof(START + 5, 20, replicaRevision);
        assertThat(freshness.confirmedAt()).isEqualTo(START + 10);
    }

    /** Commits continue while the replica stands still. */
    @Test
    void ofManyProofsTheEarlyOnesAndTheLastOneAreKept() {
        for (int i = 1; i <= 1_000; i++) {
            freshness.onProof(START + i, 20 + i, replicaRevision);
        }
        replicaAt(21);
        assertThat(freshness.confirmedAt()).isEqualTo(START + 1);
        replicaAt(83);
        assertThat(freshness.confirmedAt()).isEqualTo(START + 63);
        replicaAt(1_020);
        assertThat(freshness.confirmedAt()).isEqualTo(START + 1_000);
    }

    @Test
    void afterALossOfDataOldProofsMeanNothing() {
        freshness.onProof(START + 10, 25, replicaRevision);
        freshness.onDataLost();
        replicaAt(30);
        assertThat(freshness.isConfirmed()).isFalse();
        assertThat(freshness.confirmedAt()).isEqualTo(START);
    }

    // ---------------------------------------------------------------- those who ask

    @Test
    void aReadAnswersTheAsker() {
        ask("a", START);
        assertThat(told).isEmpty();
        etcd.take(READ).answer(now + 1, 20L);
        assertThat(told).containsExactly("a fresh");
        assertThat(freshness.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anAskerIsAnsweredAtOnceIfItIsProvedAlready() {
        freshness.onProof(START, 20, replicaRevision);
        ask("a", START);
        assertThat(told).containsExactly("a fresh");
        assertThat(etcd.open()).isEmpty();
        ask("b", START + 1);
        assertThat(told).as("not proved").hasSize(1);
    }

    @Test
    void askersShareOneReadAndLaterAskersTheNextOne() {
        ask("a", START);
        for (int i = 1; i <= 100; i++) {
            now = START + i;
            ask("later " + i, now);
        }
        assertThat(etcd.open()).containsExactly(READ);
        etcd.take(READ).answer(now, 20L);
        assertThat(told).as("the read began before the others had asked").containsExactly("a fresh");
        assertThat(etcd.open()).containsExactly(READ);
        etcd.take(READ).answer(now, 20L);
        assertThat(told).hasSize(101).allMatch(text -> text.endsWith(" fresh")).doesNotHaveDuplicates();
        assertThat(etcd.open()).isEmpty();
    }

    @Test
    void aCommitAnswersThoseWhoAskedBeforeIt() {
        ask("a", START);
        now = START + 1;
        ask("b", now);
        freshness.onProof(START, 21, replicaRevision);
        assertThat(told).isEmpty();
        replicaAt(21);
        assertThat(told).containsExactly("a fresh");
        freshness.onProof(START + 2, 21, replicaRevision);
        assertThat(told).containsExactly("a fresh", "b fresh");
    }

    @Test
    void theAnswerWaitsUntilTheReplicaReachesTheRevisionRead() {
        ask("a", START);
        etcd.take(READ).answer(now, 23L);
        assertThat(told).isEmpty();
        replicaAt(22);
        assertThat(told).isEmpty();
        replicaAt(23);
        assertThat(told).containsExactly("a fresh");
        assertThat(freshness.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    /** The time of the question counts, not the time at which the owner took it up. */
    @Test
    void anAskerWaitsAtMost500Milliseconds() {
        now = START + 100 * MILLISECOND;
        ask("a", START);
        assertThat(freshness.deadline()).isEqualTo(START + 500 * MILLISECOND);
        now = START + 200 * MILLISECOND;
        ask("b", now);
        now = START + 500 * MILLISECOND;
        freshness.onTime(now - 1);
        assertThat(told).isEmpty();
        freshness.onTime(now);
        assertThat(told).containsExactly("a stale");
        assertThat(freshness.deadline()).isEqualTo(START + 700 * MILLISECOND);
        etcd.take(READ).answer(now, 20L);
        assertThat(told).containsExactly("a stale");
        etcd.take(READ).answer(now, 20L);
        assertThat(told).containsExactly("a stale", "b fresh");
    }

    @Test
    void anAskerFromTooLongAgoIsAnsweredAtOnce() {
        now = START + 500 * MILLISECOND;
        ask("a", START);
        assertThat(told).containsExactly("a stale");
        assertThat(etcd.open()).isEmpty();
    }

    @Test
    void anUnansweredReadIsCancelledAfterTwoSeconds() {
        ask("a", START);
        ScriptedEtcd.Asked<Long> late = etcd.take(READ);
        freshness.onTime(START + 500 * MILLISECOND);
        assertThat(freshness.deadline()).isEqualTo(START + Patience.USUAL_NANOS);
        now = START + Patience.USUAL_NANOS;
        freshness.onTime(now);
        assertThat(late.isCancelled()).isTrue();
        assertThat(told).containsExactly("a stale", "failed: TIMEOUT");
        ask("b", now);
        assertThat(etcd.open()).as("before the backoff is over").isEmpty();
        now = freshness.deadline();
        freshness.onTime(now);
        etcd.take(READ).answer(now, 20L);
        assertThat(told).endsWith("b fresh");
    }

    @Test
    void aFailedReadIsRetriedWhileTheAskerWaits() {
        ask("a", START);
        etcd.take(READ).fail(now, Kind.UNAVAILABLE);
        assertThat(etcd.open()).isEmpty();
        long again = freshness.deadline();
        assertThat(again - START).isBetween(50 * MILLISECOND, 100 * MILLISECOND);
        freshness.onTime(again);
        etcd.take(READ).answer(again, 20L);
        assertThat(told).containsExactly("failed: UNAVAILABLE", "a fresh");
    }

    /** Threads that ask at the same time may be heard in another order. */
    @Test
    void anAskerThatOvertookAnEarlierOneIsAnsweredToo() {
        now = START + 5;
        ask("first", START);
        ScriptedEtcd.Asked<Long> read = etcd.take(READ); // started at 5
        now = START + 10;
        ask("asked at 6", START + 6);
        ask("asked at 4", START + 4);
        read.answer(now, 20L);
        assertThat(etcd.open()).as("6 is not proved yet").containsExactly(READ);
        etcd.take(READ).answer(now, 20L);
        assertThat(told).containsExactlyInAnyOrder("first fresh", "asked at 6 fresh", "asked at 4 fresh");
    }

    // ---------------------------------------------------------------- what only looks like it

    /** etcd may be at a revision that changed none of the service's keys: then no watch brings it. */
    @Test
    void aRevisionThatDoesNotArriveIsReportedOnceAfterTenMilliseconds() {
        ask("a", START);
        etcd.take(READ).answer(START + MILLISECOND, 23L);
        assertThat(freshness.deadline()).isEqualTo(START + 11 * MILLISECOND);
        freshness.onTime(START + 11 * MILLISECOND - 1);
        assertThat(told).isEmpty();
        freshness.onTime(START + 11 * MILLISECOND);
        assertThat(told).containsExactly("stuck");
        assertThat(freshness.deadline()).isEqualTo(START + 500 * MILLISECOND);
        freshness.onTime(START + 100 * MILLISECOND);
        assertThat(told).hasSize(1);

        freshness.onProof(START + 11 * MILLISECOND, 24, replicaRevision); // the member key was written
        replicaAt(24);
        assertThat(told).containsExactly("stuck", "a fresh");
    }

    @Test
    void aRevisionThatArrivesInTimeIsNotStuck() {
        ask("a", START);
        etcd.take(READ).answer(START + MILLISECOND, 23L);
        replicaAt(23);
        freshness.onTime(START + 11 * MILLISECOND);
        assertThat(told).containsExactly("a fresh");
        assertThat(freshness.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    /** Then there is always somebody who needs another read. */
    @Test
    void aRevisionThatDoesNotArriveIsReportedOnceHoweverOftenSomebodyAsks() {
        replicaRevision = 22;
        for (int i = 0; i <= 20; i++) {
            askAndAnswer(START + 5L * i * MILLISECOND, 23);
            assertThat(told).hasSize(i < 2 ? 0 : 1);
        }
        assertThat(told).containsExactly("stuck");

        freshness.onProof(now, 24, replicaRevision); // the member key was written
        replicaAt(24);
        assertThat(told).hasSize(22).filteredOn(text -> text.endsWith(" fresh")).hasSize(21);
        askAndAnswer(now + MILLISECOND, 25);
        assertThat(told).as("not before 10 ms have passed").hasSize(22);
        freshness.onTime(now + 10 * MILLISECOND);
        assertThat(told).hasSize(23).endsWith("stuck");
    }

    @Test
    void aRevisionThatDoesNotArriveIsReportedWhileAnotherReadIsOnItsWay() {
        askAndAnswer(START, 23);
        now = START + MILLISECOND;
        ask("b", now);
        assertThat(etcd.open()).containsExactly(READ);
        assertThat(freshness.deadline()).isEqualTo(START + 10 * MILLISECOND);
        freshness.onTime(START + 10 * MILLISECOND);
        assertThat(told).containsExactly("stuck");
    }

    @Test
    void aRevisionThatDoesNotArriveIsReportedThoughAnEarlierOneHasArrived() {
        askAndAnswer(START, 21);
        askAndAnswer(START + MILLISECOND, 23);
        now = START + 9 * MILLISECOND;
        replicaAt(21);
        assertThat(freshness.deadline()).as("it has just moved on").isEqualTo(START + 19 * MILLISECOND);
        freshness.onTime(START + 19 * MILLISECOND);
        assertThat(told).hasSize(2).endsWith("stuck");
    }

    @Test
    void aReplicaThatMovesOnIsNotStuckHoweverOftenSomebodyAsks() {
        for (int i = 0; i < 100; i++) {
            askAndAnswer(START + 5L * i * MILLISECOND, 21 + i);
            replicaAt(20 + i); // one behind, always
        }
        assertThat(told).hasSize(99).allMatch(text -> text.endsWith(" fresh"));
    }

    @Test
    void aReplicaThatIsUpToDateIsNotStuckHoweverOftenSomebodyAsks() {
        ask("first", START);
        for (int i = 1; i < 100; i++) {
            now = START + 5L * i * MILLISECOND;
            ask("asked during the read before", now);
            etcd.take(READ).answer(now, 20L);
        }
        assertThat(told).hasSize(99).allMatch(text -> text.endsWith(" fresh"));
    }

    /** The question before was answered in vain; what it waited for says nothing of this one. */
    @Test
    void whoeverAsksLaterWaitsTenMillisecondsToo() {
        askAndAnswer(START, 23);
        freshness.onTime(START + 10 * MILLISECOND);
        freshness.onTime(START + 500 * MILLISECOND);
        askAndAnswer(START + 600 * MILLISECOND, 24);
        assertThat(told).hasSize(2).startsWith("stuck");
        freshness.onTime(START + 610 * MILLISECOND);
        assertThat(told).hasSize(3).endsWith("stuck");
    }

    @Test
    void aRevisionThatHasGoneBackProvesNothing() {
        ask("a", START);
        etcd.take(READ).answer(now, 19L);
        assertThat(told).containsExactly("back to 19");
        assertThat(freshness.isConfirmed()).isFalse();
        assertThat(etcd.open()).isEmpty();
        freshness.onTime(START + 500 * MILLISECOND);
        assertThat(told).containsExactly("back to 19", "a stale");
    }

    @Test
    void atTheEndAllAskersAreAnswered() {
        ask("a", START);
        ask("b", START);
        ScriptedEtcd.Asked<Long> late = etcd.take(READ);
        freshness.end(now);
        assertThat(told).containsExactly("a stale", "b stale");
        late.answer(now, 20L);
        assertThat(told).hasSize(2);
        assertThat(freshness.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    private void replicaAt(long revision) {
        replicaRevision = revision;
        freshness.onReplicaAt(now, revision);
    }

    private void askAndAnswer(long time, long revision) {
        now = time;
        ask("asked", now);
        etcd.take(READ).answer(now, revision);
    }

    private void ask(String who, long askedAt) {
        freshness.ask(now, askedAt, new Freshness.Asker() {
            @Override
            public void onFresh() {
                told.add(who + " fresh");
            }

            @Override
            public void onStale(long now) {
                told.add(who + " stale");
            }
        });
    }
}
