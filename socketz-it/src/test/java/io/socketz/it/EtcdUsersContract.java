package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Request;
import io.socketz.state.etcd.transport.TransportProbe.Watched;
import io.socketz.state.etcd.transport.Write;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Transports with an etcd that has users. */
abstract class EtcdUsersContract extends EtcdContract {
    /** Not less: on a busy machine a token would expire between two requests. */
    private static final int TOKEN_SECONDS = 5;

    /** By which a busy machine may be late. */
    private static final int BUSY_SECONDS = 3;

    static final Request<Long> REVISION = (transport, answer) -> transport.revision("/users/", answer);

    EtcdUsersContract(Way way) {
        super(way);
    }

    @BeforeAll
    static void startEtcd() {
        cluster = EtcdCluster.start(1, "http", List.of("--auth-token-ttl=" + TOKEN_SECONDS), List.of());
        cluster.etcdctl("user", "add", "root:top");
        cluster.etcdctl("user", "grant-role", "root", "root");
        cluster.etcdctl("role", "add", "service");
        cluster.etcdctl("role", "grant-permission", "--prefix=true", "service", "readwrite", "/users/");
        cluster.etcdctl("user", "add", "socketz:secret");
        cluster.etcdctl("user", "grant-role", "socketz", "service");
        cluster.etcdctl("auth", "enable");
    }

    @Test
    void aUserMayDoAllThatARegistryNeeds() {
        assertAllWorks(open("socketz", "secret"));
    }

    @Test
    void aWrongPasswordIsReportedAsSuch() {
        TransportProbe probe = open("socketz", "guess");

        for (EtcdFailure failure : List.of(
                probe.askInVain(REVISION),
                probe.askInVain(REVISION),
                probe.askInVain(keepAlive(1)),
                probe.watch("/users/", "/users0", 1).awaitEnd())) {
            assertThat(failure.kind()).isEqualTo(Kind.BAD_CREDENTIALS);
            assertThat(failure.detail()).startsWith(cluster.endpoint(0) + ": ").endsWith("invalid user ID or password");
        }
    }

    @Test
    void aMissingUserIsReportedAsSuch() {
        TransportProbe probe = open(null, null);

        assertThat(probe.askInVain(REVISION).kind()).isEqualTo(Kind.BAD_CREDENTIALS);
        assertThat(probe.watch("/users/", "/users0", 1).awaitEnd().kind()).isEqualTo(Kind.BAD_CREDENTIALS);
    }

    @Test
    void keysThatAUserMayNotSeeAreReportedAsSuch() throws Exception {
        TransportProbe probe = open("socketz", "secret");

        // On a busy machine the token may expire between two requests, which is another failure.
        Polling.until(() -> probe.askInVain(put("/others/key")).kind(), Kind.BAD_CREDENTIALS::equals, "not rejected");
        Polling.until(
                () -> probe.watch("/others/", "/others0", 1).awaitEnd().kind(),
                Kind.BAD_CREDENTIALS::equals,
                "not rejected");
        assertAllWorks(probe);
    }

    /** Invalidates the tokens of {@code socketz}. */
    static final void replaceUser() {
        cluster.etcdctl("--user=root:top", "user", "delete", "socketz");
        cluster.etcdctl("--user=root:top", "user", "add", "socketz:secret");
        cluster.etcdctl("--user=root:top", "user", "grant-role", "socketz", "service");
    }

    /** Longer than an unused token lives; only unused tokens expire. etcd looks for them once a second. */
    static final void untilTokensHaveExpired() throws InterruptedException {
        Thread.sleep(1_000 * (TOKEN_SECONDS + 1 + BUSY_SECONDS));
    }

    static final void assertAllWorks(TransportProbe probe) {
        long lease = probe.ask((transport, answer) -> transport.grantLease(60, answer));
        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);
        Watched watched =
                probe.watch("/users/", "/users0", probe.ask(REVISION) + 1).awaitCreated();
        probe.ask(put("/users/key"));
        assertThat(watched.awaitEvents(1)).hasSize(1);
        RangePage page = probe.ask((transport, answer) -> transport.range("/users/", "/users0", 0, 10, answer));
        assertThat(page.entries()).isNotEmpty();
        long revoked = probe.ask((transport, answer) -> transport.revokeLease(lease, answer));
        assertThat(revoked).isEqualTo(page.revision());
    }

    static final Request<Committed> put(String key) {
        return TransportProbe.commit(new Write.Put(key, new byte[1], 0));
    }

    final TransportProbe open(@Nullable String user, @Nullable String password) {
        EtcdOptions options = new EtcdOptions(cluster.endpoints(), user, password, null, null, null);
        return open(options);
    }
}
