package io.socketz.state.jetcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Status;
import io.socketz.state.etcd.RegistryCluster.Server;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.jetcd.FaultyGrpcEtcd.Call;
import io.socketz.state.jetcd.FaultyGrpcEtcd.Rpc;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What etcd, gRPC and jetcd are known to do wrong with watches, each done to three registries while clients come and go: soon after,
 * all rosters are right.
 */
final class JetcdWatchTest extends FaultyGrpcEtcdTest {
    private static final Status NO_LEADER = Status.UNAVAILABLE.withDescription("etcdserver: no leader");

    /** Changes between the complete read and the next watch must come with that watch. */
    private void endWatchesAndChangeBeforeTheNext(Consumer<WatchConversation> end) {
        start();
        Held next = hold(Rpc.WATCH);
        assertThat(grpc.harmWatches(end)).isEqualTo(3);
        next.await(3);

        cluster.churn();
        cluster.awaitWritten();
        next.release();

        cluster.awaitRight();
        assertThat(cluster.toldOfSilence()).isFalse();
    }

    @Test
    void aDroppedWatchResumesWhereTheReadEndedNotWhereTheNextOneBegan() {
        endWatchesAndChangeBeforeTheNext(
                watch -> watch.fail(Status.UNAVAILABLE.withDescription("transport is closing")));
    }

    @Test
    void aWatchThatEtcdEndsCleanlyIsOpenedAgain() {
        endWatchesAndChangeBeforeTheNext(WatchConversation::end);
    }

    @Test
    void aWatchThatEndsWithoutADescriptionIsOpenedAgain() {
        endWatchesAndChangeBeforeTheNext(watch -> watch.fail(Status.UNAVAILABLE));
    }

    @Test
    void brokenConnectionsAreMadeAgain() throws IOException {
        start();

        grpc.restart();
        cluster.churn();

        cluster.awaitRight();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rpc error: code = InvalidArgument desc = etcdserver: revision of auth store is old",
                "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token",
                "",
            })
    void aWatchCreatedAndCanceledAtOnceIsRequestedAgain(String reason) {
        start();
        grpc.misbehave((rpc, call) -> {
            if (rpc == Rpc.WATCH) {
                call.answer(WatchResponse.newBuilder()
                        .setWatchId(-1)
                        .setCreated(true)
                        .setCanceled(true)
                        .setCancelReason(reason)
                        .build());
            }
            return rpc == Rpc.WATCH;
        });
        assertThat(grpc.harmWatches(WatchConversation::end)).isEqualTo(3);
        cluster.await("six watches are refused", () -> grpc.hits() >= 6);

        cluster.churn();
        grpc.behave();

        cluster.awaitRight();
        assertThat(cluster.toldOfSilence()).isFalse();
    }

    @Test
    void callsThatFailWithoutADescriptionAreRetried() {
        start();

        grpc.misbehave((rpc, call) -> {
            call.fail(Status.UNAVAILABLE);
            return true;
        });
        cluster.churn();
        cluster.await("twelve calls have failed", () -> grpc.hits() >= 12);
        grpc.behave();

        cluster.awaitRight();
    }

    @Test
    void rostersStayWithoutALeaderAndCatchUpWithOne() {
        etcd.grantAtLeast(10); // however slow this machine is
        start();

        etcd.loseLeader();
        assertThat(grpc.harmWatches(watch -> watch.fail(NO_LEADER))).isEqualTo(3);
        cluster.churn();
        cluster.await("etcd has said no", () -> grpc.hasRefused(Kind.UNAVAILABLE));
        for (int i = 0; i < 3; i++) {
            assertThat(cluster.server(i).shown()).isEqualTo(6 + 1); // two more of its own, and one less
        }
        etcd.elect();

        cluster.awaitRight();
        assertThat(cluster.lapses()).isZero();
    }

    @Test
    void aWatchFromACompactedRevisionLeadsToANewRead() {
        start();
        Held next = hold(Rpc.WATCH);
        assertThat(grpc.harmWatches(WatchConversation::end)).isEqualTo(3);
        List<Call> held = next.await(3);

        cluster.churn();
        cluster.awaitWritten();
        long oldest = etcd.compact();
        next.release();

        assertThat(held)
                .allSatisfy(call -> assertThat(((WatchRequest) call.request())
                                .getCreateRequest()
                                .getStartRevision())
                        .isLessThan(oldest));
        cluster.awaitRight();
        assertThat(cluster.toldOfSilence()).isFalse();
    }

    @Test
    void aReadCompactedBetweenTwoPagesStartsAgain() {
        long stranger = cluster.addStranger(5_000);
        Held second = hold(Rpc.RANGE, call -> Protobuf.isNotTheFirstPage(call.request()), 3);
        begin(2, EtcdOptions.of(List.of(grpc.uri())));
        second.await(3);

        cluster.awaitMembers();
        etcd.compact();
        second.release();

        cluster.await("all show the stranger's clients", () -> allShow(5_006));
        assertThat(grpc.hasRefused(Kind.COMPACTED)).isTrue();
        etcd.ask(() -> etcd.revoke(stranger));
        cluster.awaitRight();
    }

    private boolean allShow(int clients) {
        return cluster.server(0).shown() == clients
                && cluster.server(1).shown() == clients
                && cluster.server(2).shown() == clients;
    }

    @Test
    void manyDeletesAtOneRevisionFitIntoOneMessageAndEndNoWatch() {
        // long keys: as many bytes as 60,000 usual keys, with less work
        cluster.usePrefix("/" + "x".repeat(700));
        long stranger = cluster.addStranger(8_000);
        EtcdOptions options = EtcdOptions.of(List.of(grpc.uri()));
        try (TransportProbe probe = new TransportProbe(executor -> new JetcdTransport(options, executor))) {
            TransportProbe.Watched watched = probe.watch("/", "0", 0).awaitCreated();

            etcd.ask(() -> etcd.revoke(stranger));

            assertThat(watched.awaitEvents(8_001)).hasSize(8_001);
            assertThat(etcd.ask(() -> grpc.spoiler().largest())).isGreaterThan(4 << 20);
        }
    }

    @Test
    void anOpenButSilentWatchIsDetected() {
        start();

        assertThat(grpc.harmWatches(WatchConversation::stop)).isEqualTo(3);
        cluster.churn();

        cluster.awaitRight();
    }

    @Test
    void aBlockedServerCatchesUpAndDelaysNoOther() {
        start();
        CountDownLatch go = new CountDownLatch(1);
        Server held = cluster.server(0);
        int before = held.shown();
        held.holdUntil(go);

        for (int i = 0; i < 100; i++) {
            cluster.server(1).join();
            cluster.server(2).join();
        }
        cluster.await(
                "the others see each other",
                () -> cluster.server(1).shown() == before + 200
                        && cluster.server(2).shown() == before + 200);
        go.countDown();

        cluster.awaitRight();
    }
}
