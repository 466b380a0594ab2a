package io.socketz.state.etcd;

import static io.socketz.state.etcd.Samples.NOON;
import static io.socketz.state.etcd.Samples.OTHER;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.client;
import static io.socketz.state.etcd.Samples.clientEntry;
import static io.socketz.state.etcd.Samples.memberEntry;
import static io.socketz.state.etcd.Samples.put;
import static io.socketz.state.etcd.Samples.putClient;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.Roster;
import io.socketz.state.etcd.ScriptedEtcd.Watched;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.RangePage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the parts work together; each of them has its own test. */
class ReplicationStepsTest {
    private static final long SECOND = 1_000_000_000;
    private static final String READ = "../socketz/v10 @0 limit 4000";

    private final ScriptedEtcd etcd = new ScriptedEtcd();
    private final List<String> told = new ArrayList<>();
    private final Replication replication = new Replication(
            Samples.member(SELF),
            new ClusterSettings("/socketz", Duration.ofSeconds(60)),
            etcd,
            new Random(1),
            Samples.CLOCK,
            new Recorder(),
            (client, reason) -> told.add("kick " + client.number() + " " + reason));
    private long now = -100 * SECOND;

    @BeforeEach
    void commitAtTheEndOfEachEvent() {
        etcd.onEventEnd = replication::onEventEnd;
    }

    private void start() {
        replication.onStart(now);
        replication.onEventEnd(now);
    }

    private void join(Client client) {
        replication.onJoin(now, client, () -> {});
        replication.onEventEnd(now);
    }

    private void leave(Client client) {
        replication.onLeave(client.number(), "CLIENT_QUIT", NOON);
        replication.onEventEnd(now);
    }

    private void onTime(long now) {
        replication.onTime(now);
        replication.onEventEnd(now);
    }

    private void askFresh(long now, long askedAt, Consumer<FreshRoster> answer) {
        replication.askFresh(now, askedAt, answer);
        replication.onEventEnd(now);
    }

    private void close(long now, long leaveBy, Runnable onLeft) {
        replication.onClosing(now, leaveBy, onLeft);
        replication.onEventEnd(now);
    }

    private final class Recorder implements EtcdRegistryListener {
        @Override
        public void onConnected(int members, int clients, long revision) {
            told.add("connected: " + members + " members, " + clients + " clients at " + revision);
        }

        @Override
        public void onDisconnected(EtcdFailure failure) {
            told.add("disconnected: " + failure.kind());
        }

        @Override
        public void onWritesRefused(EtcdFailure failure) {
            told.add("writes refused: " + failure.kind());
        }

        @Override
        public void onDataLost(long revision, long before) {
            told.add("lost data: at " + revision + ", was at " + before);
        }
    }

    @Test
    void startsWithAMemberKeyAndAReadAtTheSameTime() {
        start();
        assertThat(etcd.open()).containsExactly("grant 60");
        etcd.range(READ).answer(now, new RangePage(List.of(memberEntry(OTHER, 4)), false, 9));
        etcd.watch("../socketz/v10 from 10").listener.onCreated(now);
        assertThat(told).as("this server is no member yet").isEmpty();
        etcd.take("grant 60").answer(now, 77L);
        etcd.take("put members/self on 77").answer(now, 10L);
        assertThat(told).containsExactly("connected: 2 members, 0 clients at 9");
    }

    @Test
    void aClientIsVisibleHereAtOnceAndElsewhereOnceItIsWritten() {
        connected();
        Client own = client(SELF, 1);
        join(own);
        assertThat(replication.roster().clients()).contains(own);
        assertThat(etcd.open()).containsExactly("grant 300");
        leave(own);
        assertThat(replication.roster().clients()).doesNotContain(own);
        leave(own);
        etcd.take("grant 300").answer(now, 88L);
        assertThat(etcd.open()).isEmpty();
    }

    @Test
    void theRosterIsTheSameObjectWhileNothingChanges() {
        connected();
        Roster roster = replication.roster();
        assertThat(replication.roster()).isSameAs(roster);
        assertThat(roster.revision()).isEqualTo(9);
    }

    /** A beat changes no clients, but tells how old the list is. */
    @Test
    void aBeatMakesTheListYoungerButDoesNotChangeIt() {
        Watched watch = connected();
        Roster before = replication.roster();
        now += 2 * SECOND;
        onTime(now);
        etcd.take("put members/self on 77").answer(now + 1, 11L);
        assertThat(replication.roster().age(now)).isEqualTo(2 * SECOND);
        watch.listener.onEvents(now + 2, List.of(put(PublishedServer.memberKey(77, 11))));
        assertThat(replication.roster().age(now))
                .as("complete up to when it was sent")
                .isZero();
        assertThat(replication.roster().revision()).isEqualTo(11);
        assertThat(replication.roster().clients()).isSameAs(before.clients());
    }

    @Test
    void aWatchWithoutItsOwnBeatsForSixSecondsIsInDoubt() {
        Watched watch = connected();
        for (long revision = 11; revision <= 12; revision++) {
            now += 2 * SECOND;
            onTime(now);
            etcd.take("put members/self on 77").answer(now, revision);
        }
        now += 2 * SECOND - 1;
        onTime(now);
        assertThat(watch.isCancelled()).isFalse();
        now += 1;
        assertThat(replication.deadline()).isLessThanOrEqualTo(now);
        onTime(now);
        assertThat(watch.isCancelled()).isTrue();
        now += SECOND / 10;
        onTime(now);
        etcd.range(READ)
                .answer(
                        now,
                        new RangePage(List.of(memberEntry(OTHER, 4), clientEntry(client(OTHER, 2), 11)), false, 13));
        assertThat(replication.roster().clients()).containsExactly(client(OTHER, 2));
    }

    @Test
    void aForeignRevisionLeadsToOneWriteOfTheMemberKey() {
        Watched watch = connected();
        List<FreshRoster> answers = new ArrayList<>();
        now += SECOND;
        askFresh(now, now, answers::add);
        askFresh(now, now, answers::add);
        etcd.take("revision of members/self").answer(now, 50L);
        now = replication.deadline();
        onTime(now);
        assertThat(etcd.open()).containsExactly("put members/self on 77");
        etcd.take("put members/self on 77").answer(now, 51L);
        onTime(now + SECOND / 10);
        assertThat(etcd.open()).as("once").isEmpty();
        assertThat(answers).isEmpty();
        watch.listener.onEvents(now, List.of(put(PublishedServer.memberKey(77, 51))));
        assertThat(answers).hasSize(2).allMatch(FreshRoster::fresh);
        assertThat(answers.get(0).roster().revision()).isEqualTo(51);
    }

    @Test
    void aFreshRosterWithoutEtcdIsTheKnownOneWithItsAge() {
        connected();
        List<FreshRoster> answers = new ArrayList<>();
        now += SECOND;
        askFresh(now, now, answers::add);
        now += SECOND / 2;
        onTime(now);
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).fresh()).isFalse();
        assertThat(answers.get(0).age()).isEqualTo(Duration.ofMillis(1_500));
        assertThat(answers.get(0).roster().clients()).containsExactly(client(OTHER, 1));
    }

    /** All own keys are gone, and revisions are lower than known ones. */
    @Test
    void anEtcdThatHasLostItsDataIsReportedAndFilledAgain() {
        Watched watch = connected();
        Client own = new Client(SELF, 1, "192.0.2.1:1", null, NOON);
        join(own);
        etcd.take("grant 300").answer(now, 88L);
        etcd.take("put members/self on 77, put clients/self/1 on 88").answer(now, 500L);
        join(client(SELF, 2));
        etcd.take("put members/self on 77, put clients/self/2 on 88").answer(now, 5L);
        assertThat(watch.isCancelled()).as("the revision went back").isTrue();
        now += SECOND / 10;
        onTime(now);
        etcd.range(READ).answer(now, new RangePage(List.of(PublishedServer.clientKey(2, 88, 5)), false, 100));
        assertThat(told).containsExactly("lost data: at 100, was at 500");
        assertThat(etcd.open()).containsExactly("put members/self on 77, put clients/self/1 on 88");
        assertThat(replication.roster().clients()).as("no clients of others").containsExactly(own, client(SELF, 2));
        assertThat(replication.roster().revision()).isEqualTo(100);

        Watched anew = etcd.watch("../socketz/v10 from 101");
        anew.listener.onCreated(now);
        etcd.take("put members/self on 77, put clients/self/1 on 88").answer(now, 102L);
        now += 2 * SECOND;
        onTime(now);
        etcd.take("put members/self on 77").answer(now, 103L);
        anew.listener.onEvents(now, List.of(put(PublishedServer.memberKey(77, 103))));
        assertThat(replication.roster().age(now))
                .as("no proof from before the loss counts")
                .isZero();
    }

    @Test
    void aShortAbsenceOfEtcdIsNotReportedALongOneOnce() {
        Watched watch = connected();
        watch.listener.onEnd(now, new EtcdFailure(Kind.UNAVAILABLE, "gone"));
        assertThat(told).isEmpty();
        for (int i = 0; i < 100; i++) {
            now = Math.max(now, replication.deadline());
            onTime(now);
            for (String text : etcd.open()) {
                etcd.take(text).fail(now, Kind.UNAVAILABLE);
            }
            etcd.ranges().get(etcd.ranges().size() - 1).fail(now, Kind.UNAVAILABLE);
        }
        assertThat(told).containsExactly("disconnected: UNAVAILABLE");
        assertThat(replication.roster().clients()).as("what is known stays").containsExactly(client(OTHER, 1));
        assertThat(replication.roster().age(now)).isGreaterThan(3 * SECOND);
    }

    /** As with a full etcd, or a user that may only read: reads work, and say nothing about writes. */
    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "BAD_CREDENTIALS"})
    void refusedWritesAreReportedOnceAndCauseNoResync(Kind refusal) {
        Watched watch = confirmed();
        long end = now + 60 * SECOND;
        int commits = refuseCommitsUntil(end, refusal);
        assertThat(told).containsExactly("writes refused: " + refusal);
        assertThat(watch.isCancelled()).isFalse();
        assertThat(etcd.ranges()).as("read once").hasSize(1);
        assertThat(replication.roster().age(now)).as("reads confirm the watch").isLessThan(4 * SECOND);
        assertThat(commits).as("in 60 s").isBetween(15, 40);

        now = replication.deadline();
        while (etcd.open().stream().noneMatch("put members/self on 77"::equals)) {
            now = replication.deadline();
            onTime(now);
        }
        etcd.take("put members/self on 77").answer(now, 11L);
        assertThat(told).last().isEqualTo("connected: 2 members, 1 clients at 10");
        assertThat(told).hasSize(2);
    }

    /** Answers reads, at revision 10, and renewals, and refuses commits; returns how many there were. */
    private int refuseCommitsUntil(long end, Kind refusal) {
        int commits = 0;
        while (replication.deadline() < end) {
            now = Math.max(now, replication.deadline());
            onTime(now);
            for (String text : etcd.open()) {
                if (text.startsWith("put ")) {
                    etcd.take(text).fail(now, refusal);
                    commits++;
                } else {
                    etcd.take(text).answer(now, text.startsWith("renew") ? 60L : 10L);
                }
            }
        }
        return commits;
    }

    /** Two services share an etcd: its revision grows without any event for this one's watch. */
    @Test
    void aWatchThatCannotBeConfirmedWhileWritesAreRefusedIsReopened() {
        Watched watch = confirmed();
        long end = now + 7 * SECOND;
        long revision = 50;
        while (replication.deadline() < end) {
            now = Math.max(now, replication.deadline());
            onTime(now);
            for (String text : etcd.open()) {
                if (text.startsWith("put ")) {
                    etcd.take(text).fail(now, Kind.REFUSED);
                } else {
                    etcd.take(text).answer(now, text.startsWith("renew") ? 60L : revision++);
                }
            }
        }
        assertThat(watch.isCancelled()).as("it may be dead").isTrue();
        assertThat(told).containsExactly("writes refused: REFUSED");
        assertThat(etcd.ranges()).hasSize(2);
    }

    @Test
    void aFreshRosterWhileWritesAreRefusedTellsSinceWhen() {
        confirmed();
        long lastWritten = now;
        refuseCommitsUntil(now + 10 * SECOND, Kind.REFUSED);
        List<FreshRoster> answers = new ArrayList<>();
        askFresh(now, now, answers::add);
        refuseCommitsUntil(now + SECOND / 2 + 1, Kind.REFUSED);
        assertThat(answers).singleElement().satisfies(answer -> {
            assertThat(answer.fresh()).isFalse();
            assertThat(answer.age()).isEqualTo(Duration.ofNanos(now - lastWritten));
        });
    }

    @Test
    void aFreshRosterAfterAFailedCommitWaitsForTheRetry() {
        confirmed();
        join(client(SELF, 1));
        etcd.take("grant 300").answer(now, 88L);
        etcd.take("put members/self on 77, put clients/self/1 on 88").fail(now, Kind.UNAVAILABLE);
        List<FreshRoster> answers = new ArrayList<>();
        askFresh(now, now, answers::add);
        etcd.take("revision of members/self").answer(now, 10L);
        assertThat(answers).as("the list is fresh, this server's part is not").isEmpty();
        now += SECOND / 10;
        onTime(now);
        etcd.takeAny("put ").answer(now, 11L);
        assertThat(answers).singleElement().matches(FreshRoster::fresh);
    }

    /** What one fresh answer shows, every later one on any server must show. */
    @Test
    void aFreshAnswerWaitsUntilEtcdHasWhatItShows() {
        confirmed();
        join(client(SELF, 1));
        etcd.take("grant 300").answer(now, 88L);
        List<FreshRoster> answers = new ArrayList<>();
        askFresh(now, now, answers::add);
        assertThat(answers).as("nobody else can know of the client").isEmpty();
        join(client(SELF, 2));
        etcd.take("put members/self on 77, put clients/self/1 on 88").answer(now, 11L);
        assertThat(answers).singleElement().satisfies(answer -> {
            assertThat(answer.fresh()).isTrue();
            assertThat(answer.roster().clients())
                    .as("as it was when it was confirmed")
                    .containsExactlyInAnyOrder(client(OTHER, 1), client(SELF, 1));
        });
    }

    @Test
    void aFreshAnswerThatShowsWhatEtcdDoesNotTakeInTimeIsStale() {
        confirmed();
        join(client(SELF, 1));
        etcd.take("grant 300").answer(now, 88L);
        List<FreshRoster> answers = new ArrayList<>();
        askFresh(now, now, answers::add);
        now += SECOND / 2 - 1;
        onTime(now);
        assertThat(answers).isEmpty();
        now += 1;
        assertThat(replication.deadline()).isLessThanOrEqualTo(now);
        onTime(now);
        assertThat(answers).singleElement().satisfies(answer -> {
            assertThat(answer.fresh()).isFalse();
            assertThat(answer.age()).isEqualTo(Duration.ofMillis(500));
        });
    }

    @Test
    void aServerThatHasNeverWrittenItsMemberKeyIsNotFresh() {
        start();
        etcd.range(READ).answer(now, new RangePage(List.of(memberEntry(OTHER, 4)), false, 10));
        etcd.watch("../socketz/v10 from 11").listener.onCreated(now);
        etcd.take("grant 60").answer(now, 77L);
        List<FreshRoster> answers = new ArrayList<>();
        askFresh(now, now, answers::add);
        refuseCommitsUntil(now + 8 * SECOND, Kind.BAD_CREDENTIALS);
        assertThat(answers).singleElement().matches(answer -> !answer.fresh());
        assertThat(told).containsExactly("writes refused: BAD_CREDENTIALS");
    }

    @Test
    void leavingStopsTheFollowerAndEndsWhenAllIsDeletedOrTheTimeIsUp() {
        Watched watch = connected();
        List<String> left = new ArrayList<>();
        List<FreshRoster> answers = new ArrayList<>();
        now += 1;
        askFresh(now, now, answers::add);
        close(now, now + 3 * SECOND, () -> left.add("left"));
        assertThat(answers).as("nobody is left waiting").hasSize(1);
        watch.listener.onEvents(now, List.of(putClient(client(OTHER, 7), 20)));
        assertThat(replication.roster().clients()).containsExactly(client(OTHER, 1));
        etcd.take("put closed/self on 77, delete members/self").answer(now, 11L);
        assertThat(etcd.open()).contains("revoke 77");
        now += 3 * SECOND - 1;
        onTime(now);
        assertThat(left).isEmpty();
        now += 1;
        assertThat(replication.deadline()).isLessThanOrEqualTo(now);
        onTime(now);
        assertThat(left).containsExactly("left");
        assertThat(replication.deadline()).isEqualTo(Long.MAX_VALUE);
        onTime(now + 10 * SECOND);
        assertThat(left).hasSize(1);
    }

    /** At revision 10: the watch has brought the member key. */
    private Watched confirmed() {
        Watched watch = connected();
        watch.listener.onEvents(now, List.of(put(PublishedServer.memberKey(77, 10))));
        return watch;
    }

    /** At revision 9, with a client of another server; this one is a member since revision 10. */
    private Watched connected() {
        start();
        etcd.range(READ)
                .answer(now, new RangePage(List.of(memberEntry(OTHER, 4), clientEntry(client(OTHER, 1), 5)), false, 9));
        Watched watch = etcd.watch("../socketz/v10 from 10");
        watch.listener.onCreated(now);
        etcd.take("grant 60").answer(now, 77L);
        etcd.take("put members/self on 77").answer(now, 10L);
        assertThat(etcd.open()).isEmpty();
        told.clear();
        return watch;
    }
}
