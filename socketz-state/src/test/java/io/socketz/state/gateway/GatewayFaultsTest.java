package io.socketz.state.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.Client;
import io.socketz.state.etcd.LiveEtcd;
import io.socketz.state.etcd.RegistryCluster;
import io.socketz.state.etcd.RegistryCluster.Server;
import io.socketz.state.etcd.transport.EtcdOptions;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What etcd's gateway is known to do in its own way, each done to three registries while clients come and go: soon after,
 * all rosters are right.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class GatewayFaultsTest {
    private static final String TXN = "/v3/kv/txn";
    private static final String WATCH = "/v3/watch";
    private static final String KEEP_ALIVE = "/v3/lease/keepalive";

    private final LiveEtcd etcd = new LiveEtcd();
    private final GatewayFront gateway = new GatewayFront(etcd);
    private final RegistryCluster cluster = new RegistryCluster(etcd);
    private FaultyEtcd one;
    private FaultyEtcd two;

    @BeforeEach
    void listen() throws IOException {
        one = new FaultyEtcd(gateway);
        two = new FaultyEtcd(gateway);
    }

    @AfterEach
    void closeAll() throws IOException {
        gateway.behave();
        cluster.close();
        one.close();
        two.close();
        try {
            cluster.assertLeft();
        } finally {
            etcd.close();
        }
        cluster.assertNothingLeft();
    }

    private void start() {
        start(EtcdOptions.of(List.of(one.uri())));
    }

    private void start(EtcdOptions options) {
        for (int i = 0; i < 3; i++) {
            Server server = cluster.open(2, owner -> new GatewayTransport(options, owner));
            server.join();
            server.join();
        }
        cluster.awaitRight();
    }

    private long memberLease(int server) {
        return etcd.leaseOf(cluster.server(server).memberKey());
    }

    // ---------------------------------------------------------------- leases

    @Test
    void aKeepAliveAnsweredWithoutATimeMeansTheLeaseIsLost() {
        etcd.grantAtLeast(10); // so that it does not expire
        start();
        Set<Long> disowned = new LinkedHashSet<>(List.of(memberLease(0), memberLease(1), memberLease(2)));
        gateway.misbehave((request, wire) -> {
            if (!request.path().equals(KEEP_ALIVE)) {
                return false;
            }
            long lease = GatewayJson.parse(request.body()).number("ID");
            if (disowned.contains(lease)) {
                wire.respond(200, GatewayJson.renewed(9, lease, 0));
            }
            return disowned.contains(lease);
        });

        for (int i = 0; i < 3; i++) {
            int server = i;
            cluster.await("a new lease", () -> memberLease(server) != 0 && !disowned.contains(memberLease(server)));
        }
        cluster.churn();
        etcd.run(() -> disowned.forEach(etcd::revoke));

        cluster.awaitRight();
        for (int i = 0; i < 3; i++) {
            assertThat(etcd.wasDeleted(cluster.server(i).memberKey())).isFalse();
        }
        assertThat(gateway.hits()).isEqualTo(3);
        assertThat(cluster.lapses()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keysOfRevokedLeasesAreWrittenAgain(boolean later) {
        if (later) {
            gateway.refuseAsLaterVersions();
        }
        start();
        Server server = cluster.server(0);
        Client client = server.join();
        cluster.awaitRight();
        long clients = etcd.leaseOf(server.key(client));
        long member = memberLease(0);

        etcd.run(() -> {
            etcd.revoke(clients);
            etcd.revoke(member);
        });
        cluster.churn();

        cluster.awaitRight();
        assertThat(etcd.leases()).doesNotContain(clients, member);
    }

    // ---------------------------------------------------------------- watches

    /** Changes between the complete read and the next watch must come with that watch. */
    private void endWatchesAndChangeBeforeTheNext(Consumer<GatewayWatcher> end, Runnable meanwhile) {
        start();
        CountDownLatch waiting = new CountDownLatch(3);
        CountDownLatch go = new CountDownLatch(1);
        gateway.misbehave((request, wire) -> {
            if (request.path().equals(WATCH)) {
                waiting.countDown();
                Await.latch(go);
            }
            return false;
        });
        assertThat(gateway.harmWatches(end)).isEqualTo(3);
        Await.latch(waiting);

        cluster.churn();
        cluster.awaitWritten();
        meanwhile.run();
        go.countDown();

        cluster.awaitRight();
        assertThat(cluster.toldOfSilence()).isFalse();
    }

    @Test
    void aWatchWhoseStreamStaysOpenAfterACompactionLeadsToANewRead() {
        endWatchesAndChangeBeforeTheNext(GatewayWatcher::end, etcd::compact);

        assertThat(gateway.compactions()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"etcdserver: server stopped\","
                        + "\"http_status\":\"Service Unavailable\"}}",
                "{\"error\":{\"code\":14,\"message\":\"etcdserver: server stopped\",\"details\":[]}}",
            })
    void aWatchEndedByAnErrorInItsStreamIsOpenedAgain(String lastWord) {
        endWatchesAndChangeBeforeTheNext(watch -> watch.end(lastWord), () -> {});
    }

    @Test
    void aWatchWhoseStreamEndsIsOpenedAgain() {
        endWatchesAndChangeBeforeTheNext(GatewayWatcher::end, () -> {});
    }

    @Test
    void aWatchWhoseConnectionIsResetIsOpenedAgain() {
        endWatchesAndChangeBeforeTheNext(GatewayWatcher::reset, () -> {});
    }

    @Test
    void anOpenButSilentWatchIsDetected() {
        start();

        assertThat(gateway.harmWatches(GatewayWatcher::stop)).isEqualTo(3);
        cluster.churn();

        cluster.awaitRight();
    }

    // ---------------------------------------------------------------- requests

    @Test
    void aFailedTransactionIsRetried() {
        start();

        gateway.misbehave((request, wire) -> {
            boolean fails = request.path().equals(TXN) && gateway.hits() < 6;
            if (fails) {
                wire.respond(200, "{" + GatewayJson.header(9) + "}");
            }
            return fails;
        });
        cluster.churn();

        cluster.awaitRight();
        assertThat(gateway.hits()).isGreaterThanOrEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rostersStayWithoutALeaderAndCatchUpWithOne(boolean later) {
        etcd.grantAtLeast(10); // however slow this machine is
        if (later) {
            gateway.refuseAsLaterVersions();
        }
        start();

        etcd.loseLeader();
        assertThat(gateway.harmWatches(watch -> watch.end(
                        "{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"etcdserver: no leader\"}}")))
                .isEqualTo(3);
        cluster.churn();
        cluster.await("etcd has said no", () -> gateway.unavailable() >= 6);
        for (int i = 0; i < 3; i++) {
            assertThat(cluster.server(i).shown()).isEqualTo(6 + 1); // two more of its own, and one less
        }
        etcd.elect();

        cluster.awaitRight();
        assertThat(cluster.lapses()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOldTokenIsReplaced(boolean later) {
        etcd.grantAtLeast(10); // however slow this machine is
        if (later) {
            gateway.refuseAsLaterVersions();
        }
        gateway.turnUsersOn();
        start(new EtcdOptions(List.of(one.uri()), "me", "secret", null, null, null));

        gateway.expireTokens();
        assertThat(gateway.harmWatches(GatewayWatcher::end)).isEqualTo(3);
        cluster.churn();

        cluster.awaitRight();
        assertThat(gateway.refused()).isPositive();
        assertThat(cluster.lapses()).isZero();
    }

    @Test
    void whenAnEndpointDisappearsAllServersUseTheOther() throws IOException {
        etcd.grantAtLeast(10); // however slow this machine is
        start(EtcdOptions.of(List.of(one.uri(), two.uri())));
        FaultyEtcd used = one.requests().isEmpty() ? two : one;
        FaultyEtcd other = used == one ? two : one;
        int before = other.requests().size();

        used.close();
        cluster.churn();

        cluster.awaitRight();
        cluster.await("all watch again", () -> gateway.harmWatches(watch -> {}) == 3);
        assertThat(other.requests()).hasSizeGreaterThan(before);
        assertThat(cluster.lapses()).isZero();
    }
}
