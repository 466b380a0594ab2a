package io.socketz.state.etcd;

import static io.socketz.state.etcd.Samples.NOON;
import static io.socketz.state.etcd.Samples.OTHER;
import static io.socketz.state.etcd.Samples.SELF;
import static io.socketz.state.etcd.Samples.client;
import static io.socketz.state.etcd.Samples.clientEntry;
import static io.socketz.state.etcd.Samples.deleteClient;
import static io.socketz.state.etcd.Samples.deleteMember;
import static io.socketz.state.etcd.Samples.memberEntry;
import static io.socketz.state.etcd.Samples.put;
import static io.socketz.state.etcd.Samples.putClient;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.RegistryMetrics;
import io.socketz.state.RegistryMetrics.JoinsAndLeaves;
import io.socketz.state.RegistryMetrics.RosterGauges;
import io.socketz.state.RegistryMetrics.StoreMetrics;
import io.socketz.state.etcd.ScriptedEtcd.Watched;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.RangePage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a registry in etcd counts and measures: each value moves when it should. */
class ReplicationMetricsTest {
    private static final long SECOND = 1_000_000_000;
    private static final String READ = "../socketz/v10 @0 limit 4000";

    private final ScriptedEtcd etcd = new ScriptedEtcd();
    private final Replication replication = new Replication(
            Samples.member(SELF),
            new ClusterSettings("/socketz", Duration.ofSeconds(60)),
            etcd,
            new Random(1),
            Samples.CLOCK,
            EtcdRegistryListener.NONE,
            (client, reason) -> {});
    private long now = -100 * SECOND;

    @BeforeEach
    void start() {
        etcd.onEventEnd = replication::onEventEnd;
        replication.onStart(now);
        replication.onEventEnd(now);
    }

    private RegistryMetrics metrics() {
        return replication.metrics().read(now);
    }

    private StoreMetrics store() {
        return metrics().store().orElseThrow();
    }

    /** The other server has one client, and everything is written, each step a second after the one before. */
    private Watched connect() {
        now += SECOND;
        etcd.range(READ)
                .answer(now, new RangePage(List.of(clientEntry(client(OTHER, 1), 5), memberEntry(OTHER, 4)), false, 9));
        Watched watch = etcd.watch("../socketz/v10 from 10");
        watch.listener.onCreated(now);
        etcd.take("grant 60").answer(now, 77L);
        now += SECOND;
        etcd.take("put members/self on 77").answer(now, 10L);
        watch.listener.onEvents(now, List.of(put(PublishedServer.memberKey(77, 10))));
        return watch;
    }

    private void join(long number) {
        replication.onJoin(now, client(SELF, number), () -> {});
        replication.onEventEnd(now);
    }

    @Test
    void aServerThatHasNotReachedEtcdIsNotWellAndGrowsOld() {
        now += 3 * SECOND;
        assertThat(metrics().roster()).isEqualTo(new RosterGauges(0, 1, 0, 3, false));
        assertThat(store().up()).isFalse();
        assertThat(store().downSeconds()).isEqualTo(3);
        assertThat(store().leaseSeconds()).isZero();
        assertThat(store().resyncs()).isZero();
    }

    @Test
    void aServerThatIsWellHasACurrentRosterAndALease() {
        connect();
        assertThat(metrics().roster()).isEqualTo(new RosterGauges(1, 2, 10, 0, true));
        assertThat(store().up()).isTrue();
        assertThat(store().downSeconds()).isZero();
        assertThat(store().leaseSeconds())
                .as("it was asked for two seconds ago")
                .isEqualTo(58);
        assertThat(store().commits().count()).isEqualTo(1);
        assertThat(store().commits().sumSeconds()).isEqualTo(1);
        assertThat(store().commits().buckets())
                .filteredOn(bucket -> bucket.count() == 0)
                .allMatch(bucket -> bucket.upToSeconds() < 1);
        assertThat(store().resyncs()).as("the first read is none").isZero();
        assertThat(store().retries()).isZero();
        assertThat(metrics().cluster())
                .as("the other client was there before")
                .isEqualTo(new JoinsAndLeaves(0, Map.of()));
    }

    @Test
    void joinsAndLeavesOfThisServerAreCountedAndQueued() {
        connect();
        join(1);
        join(2);
        assertThat(store().queuedKeys()).isEqualTo(2);
        etcd.take("grant 300").answer(now, 88L);
        etcd.take("put members/self on 77, put clients/self/1 on 88, put clients/self/2 on 88")
                .answer(now, 11L);
        assertThat(store().queuedKeys()).isZero();
        assertThat(store().commits().count()).isEqualTo(2);
        replication.onLeave(1, "CLIENT_QUIT", NOON);
        replication.onLeave(1, "CLIENT_QUIT", NOON);
        replication.onEventEnd(now);
        assertThat(metrics().own()).isEqualTo(new JoinsAndLeaves(2, Map.of("CLIENT_QUIT", 1L)));
        assertThat(metrics().roster().clients()).isEqualTo(2);
    }

    @Test
    void joinsAndLeavesOfTheClusterAreCountedAsEtcdTellsOfThem() {
        Watched watch = connect();
        watch.listener.onEvents(now, List.of(putClient(client(OTHER, 2), 11), putClient(client(OTHER, 3), 11)));
        watch.listener.onEvents(now, List.of(deleteClient(client(OTHER, 1), 12)));
        assertThat(metrics().cluster()).isEqualTo(new JoinsAndLeaves(2, Map.of("UNKNOWN", 1L)));
        watch.listener.onEvents(now, List.of(deleteMember(OTHER, 13)));
        assertThat(metrics().cluster()).isEqualTo(new JoinsAndLeaves(2, Map.of("SERVER_LOST", 2L, "UNKNOWN", 1L)));
        assertThat(metrics().roster().members()).isEqualTo(1);
        assertThat(metrics().own().joins()).isZero();
    }

    @Test
    void aKeyThatIsPutRightIsRepaired() {
        Watched watch = connect();
        watch.listener.onEvents(now, List.of(putClient(client(SELF, 9), 11)));
        etcd.take("delete clients/self/9").answer(now, 12L);
        assertThat(metrics().repaired()).isEqualTo(1);
    }

    @Test
    void failedWritesAreRetriesAndMeanThatEtcdIsDown() {
        connect();
        long committedAt = now;
        now += 2 * SECOND;
        replication.onTime(now);
        replication.onEventEnd(now);
        etcd.take("put members/self on 77").fail(now, Kind.UNAVAILABLE);
        assertThat(store().failedCommits()).isEqualTo(1);
        assertThat(store().retries()).isEqualTo(1);
        assertThat(store().commits().count()).isEqualTo(1);
        assertThat(store().up()).isFalse();
        now = committedAt + 9 * SECOND;
        assertThat(store().downSeconds()).as("since the last good one was sent").isEqualTo(10);
        assertThat(store().leaseSeconds()).isEqualTo(49);
        assertThat(metrics().roster().well()).isFalse();
    }

    @Test
    void aWatchThatEndsIsARetryAndAReadOfEverythingAResync() {
        Watched watch = connect();
        watch.listener.onEnd(now, new EtcdFailure(Kind.COMPACTED, "compacted"));
        assertThat(store().retries()).isEqualTo(1);
        assertThat(store().up()).isFalse();
        assertThat(metrics().roster().well()).isFalse();
        now += SECOND;
        assertThat(metrics().roster().ageSeconds())
                .as("confirmed by the member key, which was sent two seconds ago")
                .isEqualTo(2);
        replication.onTime(now);
        replication.onEventEnd(now);
        etcd.range(READ)
                .answer(
                        now,
                        new RangePage(
                                List.of(
                                        clientEntry(client(OTHER, 2), 11),
                                        memberEntry(OTHER, 4),
                                        PublishedServer.memberKey(77, 10)),
                                false,
                                12));
        assertThat(store().resyncs()).isEqualTo(1);
        assertThat(metrics().cluster())
                .as("what the read shows has happened")
                .isEqualTo(new JoinsAndLeaves(1, Map.of("UNKNOWN", 1L)));
    }

    @Test
    void whyTheClientsOfAServerHaveLeftOfWhichNothingIsReadIsUnknown() {
        Watched watch = connect();
        watch.listener.onEnd(now, new EtcdFailure(Kind.COMPACTED, "compacted"));
        now += SECOND;
        replication.onTime(now);
        replication.onEventEnd(now);
        etcd.range(READ).answer(now, new RangePage(List.of(PublishedServer.memberKey(77, 10)), false, 12));
        assertThat(metrics().cluster()).isEqualTo(new JoinsAndLeaves(0, Map.of("UNKNOWN", 1L)));
    }
}
