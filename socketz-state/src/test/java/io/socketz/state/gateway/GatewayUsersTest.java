package io.socketz.state.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Pending;
import io.socketz.state.etcd.transport.TransportProbe.Watched;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** How the gateway transport gets a token, and replaces it. */
final class GatewayUsersTest extends FaultyEtcdTest {
    private static final String OLD_TOKEN = "etcdserver: invalid auth token";

    /** Accepts one token only, and issues a new one for each login; the first is too old already. */
    private static FaultyEtcd.Script users(String valid) {
        var given = new ConcurrentLinkedQueue<>(List.of("token1", "token2", "token3"));
        return (request, wire) -> {
            if (request.path().equals("/v3/auth/authenticate")) {
                wire.respond(200, "{\"header\":{\"revision\":\"7\"},\"token\":\"" + given.poll() + "\"}");
            } else if (!valid.equals(request.headers().get("authorization"))) {
                wire.refuse(401, 16, OLD_TOKEN);
            } else if (request.path().equals("/v3/watch")) {
                wire.beginStream();
                wire.chunk(CREATED);
            } else {
                wire.respond(200, REVISION);
            }
        };
    }

    private static long logins(FaultyEtcd etcd) {
        return etcd.requests().stream()
                .filter(request -> request.path().equals("/v3/auth/authenticate"))
                .count();
    }

    @Test
    void anExpiredTokenIsReplacedOnceForAllRequestsItFailed() throws IOException {
        FaultyEtcd etcd = etcd(users("token2"));
        TransportProbe probe = probeAs("me", "secret\"\u00e4", etcd);
        List<Pending<Long>> pending = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            pending.add(probe.start(ASK));
        }
        probe.watch("a", "b", 5).awaitCreated();

        for (Pending<Long> each : pending) {
            assertThat(Await.get(each.result())).isEqualTo(7);
        }
        assertThat(logins(etcd)).isEqualTo(2);
        assertThat(etcd.requests().get(0).body()).isEqualTo("{\"name\":\"me\",\"password\":\"secret\\\"\u00e4\"}");
    }

    @Test
    void aWatchRefusedInItsStreamForItsTokenRetriesWithANewToken() throws IOException {
        FaultyEtcd.Script users = users("token2");
        FaultyEtcd etcd = etcd((request, wire) -> {
            if (request.path().equals("/v3/watch")
                    && "token1".equals(request.headers().get("authorization"))) {
                wire.beginStream();
                wire.chunk("{\"result\":{\"watch_id\":\"-1\",\"created\":true,\"canceled\":true,"
                        + "\"cancel_reason\":\"rpc error: code = Unauthenticated desc = " + OLD_TOKEN + "\"}}\n");
            } else {
                users.answer(request, wire);
            }
        });

        Watched watched = probeAs("me", "secret", etcd).watch("a", "b", 5).awaitCreated();

        assertThat(watched.isEnded()).isFalse();
        assertThat(logins(etcd)).isEqualTo(2);
    }

    @Test
    void aRefusedNewTokenIsNotRequestedAgainAndAgain() throws IOException {
        FaultyEtcd etcd = etcd(users("token9"));

        EtcdFailure failure = probeAs("me", "secret", etcd).askInVain(ASK);

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(logins(etcd)).isEqualTo(2);
    }

    @Test
    void aTokenThatNoHeaderCanHoldIsRejected() throws IOException {
        FaultyEtcd etcd = etcd((request, wire) -> wire.respond(200, "{\"token\":\"a\\r\\nb\"}"));

        assertThat(probeAs("me", "secret", etcd).askInVain(ASK).kind()).isEqualTo(Kind.NOT_ETCD);
    }

    @Test
    void aWrongPasswordFailsAllWaitingRequests() throws IOException {
        FaultyEtcd etcd = etcd((request, wire) ->
                wire.refuse(400, 3, "etcdserver: authentication failed, invalid user ID or password"));
        TransportProbe probe = probeAs("me", "wrong", etcd);
        Watched watched = probe.watch("a", "b", 5);

        assertThat(probe.askInVain(ASK).kind()).isEqualTo(Kind.BAD_CREDENTIALS);
        assertThat(watched.awaitEnd().kind()).isEqualTo(Kind.BAD_CREDENTIALS);
        assertThat(etcd.requests()).allMatch(request -> request.path().equals("/v3/auth/authenticate"));
    }

    @Test
    void anEtcdWithoutAuthenticationGetsRequestsWithoutAToken() throws IOException {
        FaultyEtcd etcd = etcd((request, wire) -> {
            if (request.path().equals("/v3/auth/authenticate")) {
                wire.refuse(412, 9, "etcdserver: authentication is not enabled");
            } else {
                wire.respond(200, request.headers().containsKey("authorization") ? "{}" : REVISION);
            }
        });

        assertThat(probeAs("me", "secret", etcd).ask(ASK)).isEqualTo(7);
    }

    @Test
    void aMissingUserIsReported() throws IOException {
        TransportProbe probe = probe((request, wire) -> wire.refuse(400, 3, "etcdserver: user name is empty"));

        assertThat(probe.askInVain(ASK).kind()).isEqualTo(Kind.BAD_CREDENTIALS);
    }

    @Test
    void anUnansweredLoginIsDroppedWithTheRequestThatWaitedForIt() throws IOException {
        var first = new CompletableFuture<FaultyEtcd.Wire>();
        FaultyEtcd.Script users = users("token1");
        FaultyEtcd.Script script = (request, wire) -> {
            if (!first.complete(wire)) {
                users.answer(request, wire);
            }
        };
        TransportProbe probe = probeAs("me", "secret", etcd(script));
        Pending<Long> silent = probe.start(ASK);
        Pending<Long> other = probe.start(ASK);
        FaultyEtcd.Wire wire = Await.get(first);

        probe.cancel(silent.call());

        assertThat(Await.get(other.result())).isEqualTo(7);
        Await.get(wire.closed());
    }
}
