package io.socketz.state.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.etcd.transport.Committed;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.RangePage;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Request;
import io.socketz.state.etcd.transport.Write;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the gateway transport reads answers that are not etcd's, or not quite. */
final class GatewayAnswersTest extends FaultyEtcdTest {
    @Test
    void aTruncatedAnswerMeansUnavailable() throws IOException {
        TransportProbe probe = probe((request, wire) -> {
            wire.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"header\":{\"revi");
            wire.close();
        });

        assertThat(probe.askInVain(ASK).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void aResetAnswerMeansUnavailable() throws IOException {
        TransportProbe probe = probe((request, wire) -> {
            wire.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"header\":{\"revi");
            wire.reset();
        });

        assertThat(probe.askInVain(ASK).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {\"header\":{\"revi | NOT_ETCD",
                "200 | <html><body>It works! | NOT_ETCD",
                "404 | Not Found | NOT_ETCD",
                "500 | <html> | NOT_ETCD",
                "503 | <html><h1>503 Service Unavailable | UNAVAILABLE",
                "503 | {\"code\":14,\"message\":\"etcdserver: no leader\"} | UNAVAILABLE",
                "400 | {\"code\":11,\"message\":\"etcdserver: mvcc: required revision has been compacted\"} | COMPACTED",
            })
    void aForeignAnswerIsReportedAsWhatItIs(int status, String body, Kind kind) throws IOException {
        FaultyEtcd etcd = etcd((request, wire) -> wire.respond(status, body));

        EtcdFailure failure = probe(etcd).askInVain(ASK);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.detail()).startsWith(etcd.uri() + ": ");
    }

    @Test
    void anAnswerThatIsNotHttpIsNotEtcd() throws IOException {
        TransportProbe probe = probe((request, wire) -> wire.raw("SSH-2.0-OpenSSH_9.2\r\n\r\n"));

        assertThat(probe.askInVain(ASK).kind()).isEqualTo(Kind.NOT_ETCD);
    }

    @Test
    void aRedirectIsNotFollowed() throws IOException {
        FaultyEtcd elsewhere = etcd((request, wire) -> wire.respond(200, REVISION));
        TransportProbe probe = probe((request, wire) -> wire.raw(
                "HTTP/1.1 307 Moved\r\nLocation: " + elsewhere.uri() + "/v3/kv/range\r\nContent-Length: 0\r\n\r\n"));

        assertThat(probe.askInVain(ASK).kind()).isEqualTo(Kind.NOT_ETCD);
        assertThat(elsewhere.requests()).isEmpty();
    }

    @Test
    void errorsWithTrailersOfOldEtcdVersionsAndLaterAnswersAreUnderstood() throws IOException {
        TransportProbe probe = probe((request, wire) -> {
            switch (request.path()) {
                case "/v3/lease/revoke" -> wire.refuse(404, 5, "etcdserver: requested lease not found");
                case "/v3/kv/txn" -> wire.refuse(429, 8, "etcdserver: mvcc: database space exceeded");
                default -> {
                    if (request.body().contains("count_only")) {
                        wire.respond(200, REVISION);
                    } else {
                        wire.refuse(400, 11, "etcdserver: mvcc: required revision has been compacted");
                    }
                }
            }
        });

        for (int i = 0; i < 20; i++) {
            assertThat(probe.askInVain(REVOKE).kind()).isEqualTo(Kind.LEASE_NOT_FOUND);
            assertThat(probe.ask(ASK)).isEqualTo(7);
            assertThat(probe.askInVain(RANGE).kind()).isEqualTo(Kind.COMPACTED);
            assertThat(probe.ask(ASK)).isEqualTo(7);
            assertThat(probe.askInVain(COMMIT).kind()).isEqualTo(Kind.REFUSED);
        }
    }

    @Test
    void aKeepAliveAnswerWithoutATimeToLiveMeansTheLeaseIsGone() throws IOException {
        TransportProbe probe = probe(
                (request, wire) -> wire.respond(200, "{\"result\":{\"header\":{\"revision\":\"7\"},\"ID\":\"5\"}}\n"));

        assertThat(probe.ask(KEEP_ALIVE)).isZero();
    }

    @Test
    void aStoppingEtcdThatRenewsNothingDoesNotMeanTheLeaseIsGone() throws IOException {
        TransportProbe probe = probe((request, wire) -> wire.respond(
                200, "{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"etcdserver: server stopped\"}}\n"));

        assertThat(probe.askInVain(KEEP_ALIVE).kind()).isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void putsInATransactionAreBase64() throws IOException {
        FaultyEtcd etcd =
                etcd((request, wire) -> wire.respond(200, "{\"header\":{\"revision\":\"7\"},\"succeeded\":true}"));
        List<Write> writes = List.of(
                new Write.Put("\377", "{}".getBytes(UTF_8), 5),
                new Write.Put("b", new byte[0], 0),
                new Write.Delete("c"));

        Request<Committed> commit = (transport, answer) -> transport.commit(FENCE, writes, answer);

        assertThat(probe(etcd).ask(commit)).isEqualTo(new Committed(true, 7));
        assertThat(etcd.requests().get(0).body())
                .isEqualTo("{\"compare\":[{\"key\":\"Zg==\",\"target\":\"MOD\",\"mod_revision\":\"6\"}],"
                        + "\"failure\":[{\"request_range\":{\"key\":\"Zg==\",\"keys_only\":true}}],"
                        + "\"success\":[{\"request_put\":{\"key\":\"/w==\",\"value\":\"e30=\",\"lease\":\"5\"}},"
                        + "{\"request_put\":{\"key\":\"Yg==\",\"value\":\"\"}},"
                        + "{\"request_delete_range\":{\"key\":\"Yw==\"}}]}");
    }

    /** With {@code Expect: 100-continue} a client would wait for seconds: etcd's gateway does not answer that. */
    @Test
    void aRequestIsSentWithoutExpectContinue() throws IOException {
        FaultyEtcd etcd = etcd((request, wire) -> wire.respond(200, REVISION));

        assertThat(probe(etcd).ask(ASK)).isEqualTo(7);

        assertThat(etcd.requests().get(0).headers())
                .containsEntry("host", etcd.uri().getRawAuthority())
                .doesNotContainKey("expect");
    }

    @Test
    void anOversizedPageIsReadUpToTheLimitOnly() throws IOException {
        String value = Base64.getEncoder().encodeToString(new byte[1 << 20]);
        FaultyEtcd etcd = etcd((request, wire) -> {
            wire.beginStream();
            wire.chunk("{\"header\":{\"revision\":\"7\"},\"kvs\":[");
            while (true) { // until the connection is closed
                wire.chunk("{\"key\":\"YQ==\",\"value\":\"" + value + "\"},");
            }
        });

        RangePage page = probe(etcd).ask(RANGE);

        assertThat(page.entries()).hasSize(BoundedBody.MAX_BYTES / value.length());
        assertThat(page.more()).isTrue();
        Await.get(etcd.connections().get(0));
    }
}
