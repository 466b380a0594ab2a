package io.socketz.state.jetcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.RequestOp;
import io.etcd.jetcd.api.TxnRequest;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.socketz.state.Client;
import io.socketz.state.etcd.RegistryCluster.Server;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.jetcd.FaultyGrpcEtcd.Call;
import io.socketz.state.jetcd.FaultyGrpcEtcd.Rpc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What etcd, gRPC and jetcd are known to do wrong, each done to three registries while clients come and go: soon after, all
 * rosters are right.
 */
final class JetcdFaultsTest extends FaultyGrpcEtcdTest {
    private static final Status NO_LEADER = Status.UNAVAILABLE.withDescription("etcdserver: no leader");

    // ---------------------------------------------------------------- watches

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

    // ---------------------------------------------------------------- leases

    @Test
    void aKeepAliveStreamThatEndsCleanlyIsReopenedInTime() {
        etcd.grantAtLeast(10); // however slow this machine is
        start();
        cluster.await("all renew", () -> grpc.harmKeepAlives(stream -> {}) == 3);
        Map<Long, Integer> renewals = countRenewals(Set.of());

        assertThat(grpc.harmKeepAlives(StreamObserver::onCompleted)).isEqualTo(3);

        awaitRenewals(renewals, 3); // one at a time: the stream works
        cluster.awaitRight();
        assertThat(cluster.lapses()).isZero();
    }

    private void awaitRenewals(Map<Long, Integer> renewals, int each) {
        for (int i = 0; i < 3; i++) {
            long lease = memberLease(i);
            cluster.await(
                    "lease " + lease + " is renewed " + each + " times",
                    () -> etcd.ask(() -> renewals.getOrDefault(lease, 0)) >= each);
        }
    }

    private long memberLease(int server) {
        return etcd.leaseOf(cluster.server(server).memberKey());
    }

    @Test
    void aSilentKeepAliveStreamIsReplacedBeforeTheLeaseExpires() {
        etcd.grantAtLeast(10); // however slow this machine is
        start();
        Set<StreamObserver<?>> dead = new HashSet<>();
        cluster.await("all renew", () -> grpc.harmKeepAlives(dead::add) == 3);

        Map<Long, Integer> renewals = countRenewals(dead);
        cluster.churn();

        awaitRenewals(renewals, 1);
        assertThat(grpc.hits()).isGreaterThanOrEqualTo(3);
        cluster.awaitRight();
        assertThat(cluster.lapses()).isZero();
    }

    @Test
    void aServerWhoseLeaseWasNeverRenewedReturnsWithAnother() {
        start();

        grpc.misbehave((rpc, call) -> rpc == Rpc.KEEP_ALIVE);
        cluster.churn();
        cluster.await("all have lapsed", () -> cluster.lapses() >= 3);
        grpc.behave();

        cluster.awaitRight();
    }

    @Test
    void aDisownedLeaseIsReplacedAndItsExpiryDeletesNothing() {
        etcd.grantAtLeast(10); // so that it does not expire
        start();
        Set<Long> disowned = new LinkedHashSet<>();
        for (int i = 0; i < 3; i++) {
            disowned.add(memberLease(i));
        }
        grpc.misbehave((rpc, call) -> {
            if (rpc != Rpc.KEEP_ALIVE) {
                return false;
            }
            long lease = ((LeaseKeepAliveRequest) call.request()).getID();
            if (disowned.contains(lease)) {
                call.answer(LeaseKeepAliveResponse.newBuilder().setID(lease).build());
            }
            return disowned.contains(lease);
        });

        for (int i = 0; i < 3; i++) {
            Server server = cluster.server(i);
            cluster.await("a new lease", () -> {
                long lease = etcd.leaseOf(server.memberKey());
                return lease != 0 && !disowned.contains(lease);
            });
        }
        cluster.churn();
        etcd.run(() -> disowned.forEach(etcd::revoke));

        cluster.awaitRight();
        for (int i = 0; i < 3; i++) {
            assertThat(etcd.wasDeleted(cluster.server(i).memberKey())).isFalse();
        }
        assertThat(cluster.lapses()).isEqualTo(3);
    }

    @Test
    void anUnansweredGrantIsGivenUpForAnother() {
        grpc.misbehave((rpc, call) -> rpc == Rpc.GRANT && grpc.hitsSoFar() < 4);

        start();

        assertThat(grpc.hits()).isEqualTo(4);
    }

    @Test
    void anEndpointThatAcceptsCallsButAnswersNoneIsLeft() throws IOException {
        try (FaultyGrpcEtcd other = new FaultyGrpcEtcd(etcd)) {
            start(2, EtcdOptions.of(List.of(grpc.uri(), other.uri())));
            FaultyGrpcEtcd dead = grpc.harmWatches(watch -> {}) > 0 ? grpc : other;

            dead.misbehave((rpc, call) -> true);
            assertThat(dead.harmWatches(WatchConversation::stop)).isPositive();
            cluster.churn();

            cluster.awaitRight();
            assertThat(dead.hits()).isPositive();
            cluster.close();
        }
    }

    @Test
    void keysOfRevokedLeasesAreWrittenAgain() {
        start();
        Server server = cluster.server(0);
        Client client = server.join();
        cluster.awaitRight();
        long clients = etcd.leaseOf(server.key(client));
        long member = etcd.leaseOf(server.memberKey());

        etcd.ask(() -> {
            etcd.revoke(clients);
            return etcd.revoke(member);
        });
        cluster.churn();

        cluster.awaitRight();
        assertThat(grpc.hasRefused(Kind.LEASE_NOT_FOUND)).isTrue();
    }

    // ---------------------------------------------------------------- commits

    private static boolean puts(Call call, String key) {
        return ((TxnRequest) call.request())
                .getSuccessList().stream()
                        .filter(RequestOp::hasRequestPut)
                        .anyMatch(
                                op -> Protobuf.text(op.getRequestPut().getKey()).startsWith(key));
    }

    @Test
    void aPutThatArrivesAfterItsClientHasLeftDoesNothing() {
        start();
        Server server = cluster.server(0);
        Held late = hold(Rpc.TXN, call -> puts(call, server.clientKeys()), 1);
        Client client = server.join();
        Call held = late.await(1).get(0);
        server.leave(client);
        cluster.await("the commit is given up", () -> etcd.ask(held::isCancelled));
        cluster.churn();
        cluster.awaitRight();

        late.release();
        cluster.churn();

        cluster.awaitRight();
        assertThat(etcd.wasDeleted(server.key(client))).as("was there").isFalse();
    }

    @Test
    void commitsDoneButNeverAnsweredAreRetried() {
        start();
        List<Call> lost = new ArrayList<>();
        grpc.misbehave((rpc, call) -> {
            if (rpc == Rpc.TXN && lost.size() < 3) {
                Protobuf.txn(etcd, (TxnRequest) call.request());
                return lost.add(call);
            }
            return false;
        });

        cluster.churn();
        cluster.await(
                "the answers are given up",
                () -> etcd.ask(() -> lost.size() == 3 && lost.stream().allMatch(Call::isCancelled)));

        cluster.awaitRight();
    }

    // ---------------------------------------------------------------- users

    @Test
    void anOldTokenIsReplacedOnCallsAndOnStreams() {
        etcd.grantAtLeast(10); // however slow this machine is
        etcd.run(grpc.users()::turnOn);
        start(2, asUser(grpc.uri()));

        etcd.run(grpc.users()::expireTokens);
        Status old = Status.UNAUTHENTICATED.withDescription(Users.OLD_TOKEN);
        assertThat(grpc.harmWatches(watch -> watch.fail(old))).isEqualTo(3);
        grpc.harmKeepAlives(stream -> stream.onError(old.asRuntimeException()));
        cluster.churn();

        cluster.awaitRight();
        assertThat(cluster.lapses()).isZero();
    }

    @Test
    void anOldTokenIsReplacedIfOnlyCallsAreRefused() {
        etcd.grantAtLeast(10); // however slow this machine is
        etcd.run(grpc.users()::turnOn);
        start(2, asUser(grpc.uri()));

        etcd.run(grpc.users()::expireTokens);
        cluster.churn();

        cluster.awaitRight();
        assertThat(etcd.ask(() -> grpc.users().refused())).isPositive();
        assertThat(cluster.lapses()).isZero();
    }

    @Test
    void aServerWithAUserWorksWithAuthenticationOffAndSwitchedOnLater() {
        etcd.grantAtLeast(10); // however slow this machine is
        start(2, asUser(grpc.uri()));

        etcd.run(grpc.users()::turnOn);
        Status nobody = Status.INVALID_ARGUMENT.withDescription("etcdserver: user name is empty");
        grpc.harmWatches(watch -> watch.fail(nobody));
        grpc.harmKeepAlives(stream -> stream.onError(nobody.asRuntimeException()));
        cluster.churn();

        cluster.awaitRight();
        assertThat(cluster.lapses()).isZero();
    }

    /** A new connection costs etcd a check of the password, and the server a read of everything. */
    @Test
    void aUserWithoutWritePermissionKeepsConnectionAndWatch() {
        etcd.grantAtLeast(10); // however slow this machine is
        etcd.run(grpc.users()::turnOn);
        start(2, asUser(grpc.uri()));
        Set<Rpc> others = EnumSet.noneOf(Rpc.class); // owned by etcd's thread

        grpc.misbehave((rpc, call) -> {
            if (rpc == Rpc.TXN) {
                call.fail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));
                return true;
            }
            others.add(rpc);
            return false;
        });
        cluster.churn();
        cluster.await("commits are refused", () -> grpc.hits() >= 12);
        Set<Rpc> meanwhile = etcd.ask(() -> EnumSet.copyOf(others));
        grpc.behave();

        cluster.awaitRight();
        assertThat(meanwhile).doesNotContain(Rpc.WATCH);
    }

    // ---------------------------------------------------------------- what is not to be understood

    @Test
    void fieldsOfALaterEtcdAreSkipped() {
        etcd.run(() -> grpc.spoiler().spoil(message -> {
            byte[] longer = Arrays.copyOf(message, message.length + 3);
            longer[message.length] = (byte) 0xb8; // field 999, a varint
            longer[message.length + 1] = 0x3e;
            longer[message.length + 2] = 1;
            return longer;
        }));
        start();

        cluster.churn();

        cluster.awaitRight();
        assertThat(etcd.ask(() -> grpc.spoiler().spoiled())).isPositive();
    }

    @Test
    void malformedAnswersAreFailures() {
        start();

        etcd.run(() -> grpc.spoiler().spoil(message -> new byte[] {(byte) 0xff, (byte) 0xff, 1, 2, 3}));
        cluster.churn();
        cluster.await("many were spoiled", () -> etcd.ask(() -> grpc.spoiler().spoiled()) >= 12);
        etcd.run(() -> grpc.spoiler().spoil(message -> message));

        cluster.awaitRight();
    }
}
