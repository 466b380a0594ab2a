package io.socketz.state.jetcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.grpc.stub.StreamObserver;
import io.socketz.state.Client;
import io.socketz.state.etcd.RegistryCluster.Server;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.jetcd.FaultyGrpcEtcd.Rpc;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What etcd, gRPC and jetcd are known to do wrong with leases, each done to three registries while clients come and go: soon after,
 * all rosters are right.
 */
final class JetcdLeaseTest extends FaultyGrpcEtcdTest {
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
}
