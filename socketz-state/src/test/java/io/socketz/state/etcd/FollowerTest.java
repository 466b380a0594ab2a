package io.socketz.state.etcd;

import static io.socketz.state.etcd.Samples.KEYS;
import static io.socketz.state.etcd.Samples.OTHER;
import static io.socketz.state.etcd.Samples.SELF;
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

import io.socketz.state.etcd.ScriptedEtcd.Asked;
import io.socketz.state.etcd.ScriptedEtcd.Watched;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.KeyValue;
import io.socketz.state.etcd.transport.RangePage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FollowerTest {
    private static final String READ = "../socketz/v10 @0 limit 4000";
    private static final EtcdFailure GONE = new EtcdFailure(Kind.UNAVAILABLE, "gone");

    private final PublishedServer server = new PublishedServer();
    private final ScriptedEtcd etcd = server.etcd;
    private final List<String> skipped = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final SkippedKeys skippedKeys = new SkippedKeys(new EtcdRegistryListener() {
        @Override
        public void onSkipped(String key, String why) {
            skipped.add(key);
            if (key.endsWith("defect")) {
                throw new IllegalStateException("a defect");
            }
        }
    });
    private final Replica replica = new Replica(Samples.member(Samples.SELF), skippedKeys, Samples.CLOCK);
    private final Follower follower = new Follower(
            KEYS,
            new KeyRouter(SELF, KEYS, server.publication, replica, skippedKeys),
            etcd,
            new Random(1),
            () -> Math.max(knownRevision(), replica.revision()),
            new Recorder());

    private long now = -5_000_000_000L;

    /** A revision of etcd that is known elsewhere. */
    private long knownRevision;

    private long knownRevision() {
        return knownRevision;
    }

    private final class Recorder implements Follower.ReplicaListener {
        @Override
        public void onRead(long now, long sentAt) {
            told.add("read " + replica.revision() + " after " + (now - sentAt));
        }

        @Override
        public void onWatched(long now) {
            told.add("watched " + replica.revision());
        }

        @Override
        public void onDataLost(long revision, long before) {
            told.add("lost data: at " + revision + ", was at " + before);
        }

        @Override
        public void onFailure(long now, EtcdFailure failure) {
            told.add("failed: " + failure.kind());
        }
    }

    // ---------------------------------------------------------------- reading

    @Test
    void readsEverythingThenWatchesFromTheNextRevision() {
        assertThat(follower.deadline()).isLessThanOrEqualTo(now);
        follower.onTime(now);
        Asked<RangePage> read = etcd.range(READ);
        now += 7;
        read.answer(now, page(20, false, clientEntry(client(OTHER, 1), 3), memberEntry(OTHER, 2)));
        assertThat(told).containsExactly("read 20 after 7");
        assertThat(replica.copy()).containsExactly(client(OTHER, 1));
        assertThat(follower.isWatching()).isFalse();

        etcd.watch("../socketz/v10 from 21").listener.onCreated(now);
        assertThat(follower.isWatching()).isTrue();
        assertThat(told).containsExactly("read 20 after 7", "watched 20");
        assertThat(follower.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void readsAllPagesAtTheRevisionOfTheFirst() {
        follower.onTime(now);
        String first = KEYS.client(OTHER, 1);
        String second = KEYS.client(OTHER, 2);
        now += 1;
        etcd.range(READ).answer(now, page(20, true, clientEntry(client(OTHER, 1), 3)));
        now += 1;
        etcd.range(ScriptedEtcd.shortened(first) + "\0../socketz/v10 @20 limit 4000")
                .answer(now, page(25, true, clientEntry(client(OTHER, 2), 4)));
        assertThat(replica.revision()).isZero();
        now += 1;
        etcd.range(ScriptedEtcd.shortened(second) + "\0../socketz/v10 @20 limit 4000")
                .answer(now, page(30, false, memberEntry(OTHER, 2)));
        assertThat(told).as("complete up to when the first was sent").containsExactly("read 20 after 3");
        assertThat(replica.copy()).containsExactly(client(OTHER, 1), client(OTHER, 2));
        assertThat(etcd.watches()).hasSize(1);
        etcd.watch("../socketz/v10 from 21").listener.onCreated(now);
    }

    @Test
    void anExceptionWhileReadingDoesNotStopIt() {
        follower.onTime(now);
        Asked<RangePage> read = etcd.range(READ);
        RangePage page = page(20, false, entry(KEYS.first() + "defect", "", 3), memberEntry(OTHER, 2));
        assertThatThrownBy(() -> read.answer(now, page)).hasMessage("a defect");
        assertThat(follower.deadline()).isLessThanOrEqualTo(now);
        follower.onTime(now);
        assertThat(told).containsExactly("failed: REFUSED");
        assertThat(follower.deadline()).as("after the backoff").isGreaterThan(now);
        now = follower.deadline();
        follower.onTime(now);
        assertThat(etcd.ranges()).hasSize(2);
        etcd.range(READ).answer(now, page);
        etcd.watch("../socketz/v10 from 21").listener.onCreated(now);
        assertThat(replica.others()).isEqualTo(1);
    }

    @Test
    void anEmptyEtcdIsReadAndWatched() {
        follower.onTime(now);
        etcd.range(READ).answer(now, page(1, false));
        assertThat(told).containsExactly("read 1 after 0");
        etcd.watch("../socketz/v10 from 2").listener.onCreated(now);
    }

    @Test
    void ownKeysAreComparedAndForeignKeysAreSkipped() {
        follower.onTime(now);
        etcd.range(READ)
                .answer(
                        now,
                        page(
                                20,
                                false,
                                clientEntry(client(SELF, 9), 4),
                                entry("/socketz/v1/notes", "buy milk", 5),
                                memberEntry(OTHER, 2)));
        assertThat(skipped).containsExactly("/socketz/v1/notes");
        assertThat(replica.copy()).isEmpty();
        server.publication.onEventEnd(now);
        assertThat(etcd.open()).containsExactly("delete clients/self/9");
    }

    @ParameterizedTest
    @EnumSource(
            names = {"REFUSED", "NOT_ETCD", "TIMEOUT"},
            mode = EnumSource.Mode.EXCLUDE)
    void aFailedReadIsStartedAgainAfterTheBackoff(Kind kind) {
        follower.onTime(now);
        etcd.range(READ).answer(now, page(20, true, clientEntry(client(OTHER, 1), 3)));
        etcd.ranges().get(1).fail(now, kind);
        assertThat(told).containsExactly("failed: " + kind);
        assertThatItReadsAgain();
        etcd.range(READ).answer(now, page(22, false, memberEntry(OTHER, 2), clientEntry(client(OTHER, 2), 21)));
        assertThat(replica.copy()).as("nothing of the first read").containsExactly(client(OTHER, 2));
        etcd.watch("../socketz/v10 from 23").listener.onCreated(now);
    }

    /** Answers may be too large: foreign values of any size may be under the prefix. */
    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "NOT_ETCD"})
    void aRefusedReadIsStartedAgainWithSmallerPages(Kind kind) {
        follower.onTime(now);
        etcd.range(READ).fail(now, kind);
        for (int page : new int[] {2000, 1000, 500, 250, 125, 62, 31, 15, 10, 10}) {
            assertThat(follower.deadline() - now).as("soon").isLessThanOrEqualTo(500_000_000);
            now = follower.deadline();
            follower.onTime(now);
            etcd.range("../socketz/v10 @0 limit " + page).fail(now, kind);
        }
    }

    /** As on a slow line. */
    @Test
    void aReadThatTakesTooLongIsStartedAgainWithSmallerPages() {
        follower.onTime(now);
        for (int page : new int[] {4000, 2000, 1000, 500}) {
            etcd.range("../socketz/v10 @0 limit " + page);
            now = follower.deadline();
            follower.onTime(now);
            now = follower.deadline();
            follower.onTime(now);
        }
        etcd.range("../socketz/v10 @0 limit 250");
    }

    @Test
    void fastPagesMakeTheNextOnesLarger() {
        follower.onTime(now);
        now += Patience.USUAL_NANOS;
        follower.onTime(now);
        now = follower.deadline();
        follower.onTime(now);
        Asked<RangePage> slow = etcd.range("../socketz/v10 @0 limit 2000");
        now += 300_000_000;
        slow.answer(now, page(20, true, clientEntry(client(OTHER, 1), 3)));
        String behind = ScriptedEtcd.shortened(KEYS.client(OTHER, 1)) + "\0../socketz/v10 @20 limit ";
        Asked<RangePage> fast = etcd.range(behind + "2000");
        now += 200_000_000;
        fast.answer(now, page(20, true, clientEntry(client(OTHER, 1), 3)));
        etcd.range(behind + "4000");
    }

    /** A page that was too large would be too large again, and everything would be read from the start again. */
    @Test
    void pagesDoNotGrowBackToATooLargeSizeBeforeEverythingIsRead() {
        follower.onTime(now);
        etcd.range(READ).fail(now, Kind.REFUSED);
        now = follower.deadline();
        follower.onTime(now);
        etcd.range("../socketz/v10 @0 limit 2000").answer(now, page(20, true, clientEntry(client(OTHER, 1), 3)));
        String behind = ScriptedEtcd.shortened(KEYS.client(OTHER, 1)) + "\0../socketz/v10 @20 limit ";
        etcd.range(behind + "2000").answer(now, page(20, false));
        etcd.watch("../socketz/v10 from 21").listener.onEnd(now, GONE);
        now = follower.deadline();
        follower.onTime(now);
        etcd.range("../socketz/v10 @0 limit 2000").answer(now, page(20, true, clientEntry(client(OTHER, 1), 3)));
        etcd.range(behind + "4000");
    }

    @Test
    void anUnansweredReadIsStartedAgain() {
        follower.onTime(now);
        Asked<RangePage> late = etcd.range(READ);
        now += Patience.USUAL_NANOS;
        assertThat(follower.deadline()).isEqualTo(now);
        follower.onTime(now);
        assertThat(late.isCancelled()).isTrue();
        late.answer(now, page(19, false));
        assertThat(told).containsExactly("failed: TIMEOUT");
        assertThatItReadsAgain("../socketz/v10 @0 limit 2000");
    }

    // ---------------------------------------------------------------- watching

    @Test
    void changesFromTheWatchAreApplied() {
        Watched watch = watching();
        watch.listener.onEvents(now, List.of(putClient(client(OTHER, 2), 21), putClient(client(OTHER, 3), 22)));
        watch.listener.onEvents(now, List.of(deleteClient(client(OTHER, 1), 23)));
        assertThat(told).containsExactly("watched 22", "watched 23");
        assertThat(replica.copy()).containsExactly(client(OTHER, 2), client(OTHER, 3));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aWatchThatEndsLeadsToANewRead(Kind kind) {
        Watched watch = watching();
        watch.listener.onEnd(now, new EtcdFailure(kind, "as expected"));
        assertThat(follower.isWatching()).isFalse();
        assertThat(told).containsExactly("failed: " + kind);
        assertThat(replica.copy()).as("what is known stays").hasSize(1);
        assertThatItReadsAgain();
        etcd.range(READ).answer(now, page(25, false, memberEntry(OTHER, 2), clientEntry(client(OTHER, 7), 24)));
        assertThat(replica.copy()).containsExactly(client(OTHER, 7));
        etcd.watch("../socketz/v10 from 26").listener.onCreated(now);
        assertThat(follower.isWatching()).isTrue();
    }

    @Test
    void aWatchThatEndsBeforeItIsCreatedLeadsToANewRead() {
        follower.onTime(now);
        etcd.range(READ).answer(now, page(20, false));
        etcd.watch("../socketz/v10 from 21").listener.onEnd(now, GONE);
        assertThatItReadsAgain();
    }

    @Test
    void aWatchThatIsNotCreatedWithinTwoSecondsIsCancelled() {
        follower.onTime(now);
        etcd.range(READ).answer(now, page(20, false));
        Watched watch = etcd.watch("../socketz/v10 from 21");
        now += Patience.USUAL_NANOS;
        assertThat(follower.deadline()).isEqualTo(now);
        follower.onTime(now - 1);
        assertThat(watch.isCancelled()).isFalse();
        follower.onTime(now);
        assertThat(watch.isCancelled()).isTrue();
        assertThat(told).contains("failed: TIMEOUT");
        watch.listener.onCreated(now);
        assertThat(follower.isWatching()).as("too late").isFalse();
        assertThatItReadsAgain();
    }

    @Test
    void doubtCancelsTheWatchAndLeadsToANewRead() {
        Watched watch = watching();
        follower.doubt(now, new EtcdFailure(Kind.TIMEOUT, "the watch is silent"));
        assertThat(watch.isCancelled()).isTrue();
        assertThat(told).containsExactly("failed: TIMEOUT");
        follower.doubt(now, new EtcdFailure(Kind.TIMEOUT, "the watch is silent"));
        assertThat(told).as("it is resting already").hasSize(1);

        watch.listener.onEvents(now, List.of(putClient(client(OTHER, 2), 21)));
        assertThat(replica.copy()).as("its events no longer count").hasSize(1);
        assertThat(replica.revision()).isEqualTo(20);
        assertThatItReadsAgain();

        follower.doubt(now, GONE);
        assertThat(told).as("the read is newer than the doubt").hasSize(1);
        etcd.range(READ).answer(now, page(21, false));
        assertThat(replica.revision()).isEqualTo(21);
    }

    @Test
    void callsOfACancelledWatchAreIgnoredWhenThereIsAnother() {
        Watched first = watching();
        follower.doubt(now, GONE);
        assertThatItReadsAgain();
        etcd.range(READ).answer(now, page(21, false));
        etcd.watch("../socketz/v10 from 22").listener.onCreated(now);
        told.clear();
        first.listener.onEvents(now, List.of(putClient(client(OTHER, 2), 22)));
        first.listener.onEnd(now, GONE);
        assertThat(told).isEmpty();
        assertThat(follower.isWatching()).isTrue();
        assertThat(replica.revision()).isEqualTo(21);
    }

    @Test
    void theBackoffGrowsUntilAWatchIsCreated() {
        long longest = 0;
        for (int i = 0; i < 6; i++) {
            now = Math.max(now, follower.deadline());
            follower.onTime(now);
            etcd.ranges().get(etcd.ranges().size() - 1).answer(now, page(20, false));
            etcd.watch("../socketz/v10 from 21").listener.onEnd(now, GONE);
            longest = Math.max(longest, follower.deadline() - now);
        }
        assertThat(longest).as("a complete read alone is no success").isGreaterThanOrEqualTo(250_000_000);
        watching().listener.onEnd(now, GONE);
        assertThat(follower.deadline() - now).isLessThanOrEqualTo(100_000_000);
    }

    // ---------------------------------------------------------------- resuming a watch that has broken off

    /** This server's member key at the replica's revision; with it, the next watch can prove that it resumes this one. */
    private static final String CHECK = "members/self.." + KEYS.member(SELF) + "\0 @";

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "TIMEOUT"})
    void afterAWatchThatBreaksTheNextOneGoesOnWithoutARead(Kind kind) {
        Watched watch = watchingAsMember();
        watch.listener.onEvents(now, List.of(putClient(client(OTHER, 2), 21)));
        watch.listener.onEvents(now, List.of(putMember(SELF, 22)));
        told.clear();
        watch.listener.onEnd(now, new EtcdFailure(kind, "as expected"));
        assertThat(told).containsExactly("failed: " + kind);
        assertThatItReadsAgain(CHECK + "22 limit 1");
        etcd.range(CHECK + "22 limit 1").answer(now, page(30, false, memberEntry(SELF, 22)));
        Watched next = etcd.watch("../socketz/v10 from 23");
        assertThat(follower.isWatching()).isFalse();
        next.listener.onCreated(now);
        next.listener.onEvents(now, List.of(putClient(client(OTHER, 3), 25)));
        assertThat(told).containsExactly("failed: " + kind, "watched 22", "watched 25");
        assertThat(replica.copy()).containsExactly(client(OTHER, 1), client(OTHER, 2), client(OTHER, 3));
        next.listener.onEnd(now, GONE);
        assertThatItReadsAgain(CHECK + "25 limit 1");
    }

    @Test
    void whileEtcdIsAwayTheCheckIsRepeated() {
        watchingAsMember().listener.onEnd(now, GONE);
        assertThatItReadsAgain(CHECK + "20 limit 1");
        etcd.range(CHECK + "20 limit 1").fail(now, Kind.UNAVAILABLE);
        now = follower.deadline();
        follower.onTime(now);
        Asked<RangePage> late = etcd.range(CHECK + "20 limit 1");
        now += Patience.USUAL_NANOS;
        assertThat(follower.deadline()).isEqualTo(now);
        follower.onTime(now);
        assertThat(late.isCancelled()).isTrue();
        now = follower.deadline();
        follower.onTime(now);
        etcd.range(CHECK + "20 limit 1").answer(now, page(20, false, memberEntry(SELF, 2)));
        etcd.watch("../socketz/v10 from 21").listener.onCreated(now);
        assertThat(follower.isWatching()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"UNAVAILABLE", "TIMEOUT"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatIsNoMereBreakLeadsToANewRead(Kind kind) {
        watchingAsMember().listener.onEnd(now, new EtcdFailure(kind, "as expected"));
        assertThatItReadsAgain();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"UNAVAILABLE", "TIMEOUT"},
            mode = EnumSource.Mode.EXCLUDE)
    void aRefusedCheckLeadsToANewRead(Kind kind) {
        watchingAsMember().listener.onEnd(now, GONE);
        assertThatItReadsAgain(CHECK + "20 limit 1");
        etcd.range(CHECK + "20 limit 1").fail(now, kind);
        now = follower.deadline();
        follower.onTime(now);
        etcd.range(READ);
    }

    /** Perhaps nothing comes through: then at least what can be read is known. */
    @Test
    void aWatchThatDoesNotBeginLeadsToANewReadEvenIfTheOneBeforeHadBrokenOff() {
        watchingAsMember().listener.onEnd(now, GONE);
        assertThatItReadsAgain(CHECK + "20 limit 1");
        etcd.range(CHECK + "20 limit 1").answer(now, page(20, false, memberEntry(SELF, 2)));
        etcd.watch("../socketz/v10 from 21").listener.onEnd(now, GONE);
        now = follower.deadline();
        follower.onTime(now);
        etcd.range(READ);
    }

    @Test
    void aSilentWatchLeadsToANewRead() {
        watchingAsMember();
        follower.doubt(now, new EtcdFailure(Kind.TIMEOUT, "the watch is silent"));
        assertThatItReadsAgain();
    }

    @Test
    void aChangeThatCannotBeAppliedLeadsToANewRead() {
        Watched watch = watchingAsMember();
        assertThatThrownBy(() -> watch.listener.onEvents(now, List.of(put(entry(KEYS.first() + "defect", "", 21)))))
                .hasMessage("a defect");
        assertThatItReadsAgain();
    }

    @Test
    void withoutAMemberKeyEverythingIsReadAgain() {
        Watched watch = watchingAsMember();
        watch.listener.onEvents(now, List.of(deleteMember(SELF, 21)));
        watch.listener.onEnd(now, GONE);
        assertThatItReadsAgain();
    }

    /** etcd has lost its data, and has got to that revision again. */
    @Test
    void anotherMemberKeyAtThatRevisionIsOfOtherData() {
        watchingAsMember().listener.onEnd(now, GONE);
        told.clear();
        assertThatItReadsAgain(CHECK + "20 limit 1");
        etcd.range(CHECK + "20 limit 1").answer(now, page(40, false, memberEntry(SELF, 7)));
        etcd.range(READ).answer(now, page(40, false));
        assertThat(told).containsExactly("lost data: at 40, was at 20", "read 40 after 0");
        assertThat(etcd.watches()).hasSize(2);
    }

    @Test
    void noMemberKeyAtThatRevisionIsOfOtherData() {
        watchingAsMember().listener.onEnd(now, GONE);
        assertThatItReadsAgain(CHECK + "20 limit 1");
        etcd.range(CHECK + "20 limit 1").answer(now, page(40, false));
        etcd.range(READ);
    }

    @Test
    void aRevisionThatHasGoneBackMeanwhileLeadsToANewRead() {
        watchingAsMember().listener.onEnd(now, GONE);
        told.clear();
        assertThatItReadsAgain(CHECK + "20 limit 1");
        follower.onRevisionBack(now, 4);
        etcd.range(CHECK + "20 limit 1").answer(now, page(21, false, memberEntry(SELF, 2)));
        etcd.range(READ).answer(now, page(21, false));
        assertThat(told).containsExactly("lost data: at 21, was at 20", "read 21 after 0");
    }

    /** At revision 20, with this server's member key. */
    private Watched watchingAsMember() {
        now = Math.max(now, follower.deadline());
        follower.onTime(now);
        etcd.range(READ)
                .answer(
                        now,
                        page(20, false, memberEntry(SELF, 2), memberEntry(OTHER, 2), clientEntry(client(OTHER, 1), 3)));
        Watched watch = etcd.watch("../socketz/v10 from 21");
        watch.listener.onCreated(now);
        told.clear();
        return watch;
    }

    // ---------------------------------------------------------------- loss of data, and the end

    @Test
    void aRevisionThatHasGoneBackIsReported() {
        Watched watch = watching();
        watch.listener.onEnd(now, GONE);
        assertThatItReadsAgain();
        etcd.range(READ).answer(now, page(3, false));
        assertThat(told).containsExactly("failed: UNAVAILABLE", "lost data: at 3, was at 20", "read 3 after 0");
        assertThat(replica.copy()).isEmpty();
        etcd.watch("../socketz/v10 from 4").listener.onCreated(now);
        assertThat(follower.isWatching()).isTrue();
    }

    @Test
    void revisionsKnownElsewhereCountToo() {
        knownRevision = 30;
        follower.onTime(now);
        etcd.range(READ).answer(now, page(29, false));
        assertThat(told).first().isEqualTo("lost data: at 29, was at 30");
    }

    /** Commits in the meantime may be later than the revision that is read. */
    @Test
    void aRevisionReachedDuringTheReadIsNoLoss() {
        knownRevision = 30;
        follower.onTime(now);
        knownRevision = 40;
        etcd.range(READ).answer(now, page(30, false));
        assertThat(told).containsExactly("read 30 after 0");
    }

    @Test
    void onceEndedNothingIsReadOrWatched() {
        Watched watch = watching();
        follower.end();
        watch.listener.onEvents(now, List.of(putClient(client(OTHER, 2), 21)));
        watch.listener.onEnd(now, GONE);
        follower.onTime(now + Patience.USUAL_NANOS);
        follower.doubt(now, GONE);
        assertThat(follower.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(told).isEmpty();
        assertThat(etcd.ranges()).hasSize(1);
        assertThat(watch.isCancelled()).as("its endpoint is healthy").isFalse();
    }

    @Test
    void endedWhileReadingItIgnoresTheAnswer() {
        follower.onTime(now);
        follower.end();
        etcd.range(READ).answer(now, page(20, false));
        follower.onTime(now + Patience.USUAL_NANOS);
        assertThat(told).isEmpty();
        assertThat(etcd.watches()).isEmpty();
    }

    /** At revision 20, with one client of another server. */
    private Watched watching() {
        now = Math.max(now, follower.deadline());
        follower.onTime(now);
        etcd.range(READ).answer(now, page(20, false, memberEntry(OTHER, 2), clientEntry(client(OTHER, 1), 3)));
        Watched watch = etcd.watch("../socketz/v10 from 21");
        watch.listener.onCreated(now);
        told.clear();
        return watch;
    }

    private void assertThatItReadsAgain() {
        assertThatItReadsAgain(READ);
    }

    private void assertThatItReadsAgain(String read) {
        int before = etcd.ranges().size();
        long again = follower.deadline();
        assertThat(again - now).isBetween(50_000_000L, 100_000_000L);
        follower.onTime(again - 1);
        assertThat(etcd.ranges()).hasSize(before);
        now = again;
        follower.onTime(now);
        assertThat(etcd.ranges()).hasSize(before + 1);
        assertThat(etcd.range(read).isCancelled()).isFalse();
    }

    private static RangePage page(long revision, boolean more, KeyValue... entries) {
        return new RangePage(List.of(entries), more, revision);
    }
}
