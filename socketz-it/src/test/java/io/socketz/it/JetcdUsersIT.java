package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Watched;
import org.junit.jupiter.api.Test;

/** An etcd that has users, through jetcd, which learns from a failure that a token has expired. */
final class JetcdUsersIT extends EtcdUsersContract {
    JetcdUsersIT() {
        super(Way.JETCD);
    }

    @Test
    void aRevokedTokenIsReplacedAfterOneFailure() {
        TransportProbe probe = open("socketz", "secret");
        assertAllWorks(probe);
        Watched watched =
                probe.watch("/users/", "/users0", probe.ask(REVISION) + 1).awaitCreated();

        replaceUser();

        assertThat(probe.askInVain(put("/users/key")).kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(watched.awaitEnd().kind()).isEqualTo(Kind.UNAVAILABLE);
        assertAllWorks(probe);
    }

    @Test
    void anExpiredTokenIsReplacedAfterOneFailureAndStreamsContinue() throws Exception {
        TransportProbe probe = open("socketz", "secret");
        long lease = probe.ask((transport, answer) -> transport.grantLease(60, answer));
        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);
        Watched watched = probe.watch("/users/", "/users0", 1_000).awaitCreated();

        untilTokensHaveExpired();

        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);
        probe.watch("/users/", "/users0", 1_000).awaitCreated();
        assertThat(watched.isEnded()).isFalse();
        String detail = cluster.endpoint(0) + ": invalid auth token";
        assertThat(probe.askInVain(put("/users/key"))).isEqualTo(new EtcdFailure(Kind.UNAVAILABLE, detail));
        assertAllWorks(probe);
    }
}
