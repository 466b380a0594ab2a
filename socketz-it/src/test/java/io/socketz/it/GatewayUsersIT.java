package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Watched;
import org.junit.jupiter.api.Test;

/** An etcd that has users, through the JSON gateway, which asks for a new token at once. */
final class GatewayUsersIT extends EtcdUsersContract {
    GatewayUsersIT() {
        super(Way.GATEWAY);
    }

    @Test
    void aRevokedTokenIsReplacedAtOnce() {
        TransportProbe probe = open("socketz", "secret");
        assertAllWorks(probe);

        replaceUser();

        assertAllWorks(probe);
    }

    @Test
    void aTokenThatAWatchIsRefusedWithIsReplacedAtOnce() {
        TransportProbe probe = open("socketz", "secret");
        probe.ask(REVISION);

        replaceUser();

        probe.watch("/users/", "/users0", 1_000).awaitCreated();
    }

    @Test
    void anExpiredTokenIsReplacedAtOnceAndWatchesContinue() throws Exception {
        TransportProbe probe = open("socketz", "secret");
        Watched watched = probe.watch("/users/", "/users0", 1_000).awaitCreated();

        untilTokensHaveExpired();

        assertThat(watched.isEnded()).isFalse();
        assertAllWorks(probe);
        assertThat(watched.isEnded()).isFalse();
    }
}
