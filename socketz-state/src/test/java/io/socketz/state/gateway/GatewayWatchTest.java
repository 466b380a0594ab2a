package io.socketz.state.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Watched;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a watch starts and ends. */
final class GatewayWatchTest extends FaultyEtcdTest {
    private static void assertEnds(Watched watched, Kind kind) {
        assertThat(watched.awaitEnd().kind()).isEqualTo(kind);
    }

    @Test
    void aWatchAsksEtcdToEndItWithoutALeader() throws IOException {
        FaultyEtcd etcd = etcd((request, wire) -> {
            wire.beginStream();
            wire.chunk(CREATED);
        });

        probe(etcd).watch("a", "b", 5).awaitCreated();

        FaultyEtcd.Request request = etcd.requests().get(0);
        assertThat(request.path()).isEqualTo("/v3/watch");
        assertThat(request.headers()).containsEntry("grpc-metadata-hasleader", "true");
        assertThat(request.body())
                .isEqualTo("{\"create_request\":{\"key\":\"YQ==\",\"range_end\":\"Yg==\",\"start_revision\":\"5\"}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"result\":{\"canceled\":true}} | UNAVAILABLE",
                "{\"result\":{\"canceled\":true,\"compact_revision\":\"9\"}} | COMPACTED",
                "{\"result\":{\"canceled\":true,\"cancel_reason\":\"rpc error: code = PermissionDenied desc = "
                        + "etcdserver: permission denied\"}} | BAD_CREDENTIALS",
                "{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"etcdserver: no leader\"}} | UNAVAILABLE",
                "{\"error\":{\"code\":14,\"message\":\"etcdserver: no leader\",\"details\":[]}} | UNAVAILABLE",
                "{} | NOT_ETCD",
                "<html> | NOT_ETCD",
            })
    void aWatchCancelledByEtcdEndsEvenIfItsStreamStaysOpen(String last, Kind kind) throws IOException {
        FaultyEtcd etcd = etcd((request, wire) -> {
            wire.beginStream();
            wire.chunk(CREATED + EVENT + last + "\n" + EVENT);
            wire.awaitEnd();
        });
        TransportProbe probe = probe(etcd);

        Watched watched = probe.watch("a", "b", 5);

        assertEnds(watched, kind);
        assertThat(watched.isCreated()).isTrue();
        assertThat(watched.events()).hasSize(1);
    }

    @Test
    void aFinishedWatchClosesItsConnection() throws IOException {
        for (String last : List.of("{\"result\":{\"canceled\":true}}\n", "{}\n")) {
            FaultyEtcd etcd = etcd((request, wire) -> {
                wire.beginStream();
                wire.chunk(CREATED + last);
            });
            probe(etcd).watch("a", "b", 5).awaitEnd();

            Await.get(etcd.connections().get(0));
        }
    }

    @Test
    void aWatchRefusedAtItsStartWasNeverCreated() throws IOException {
        TransportProbe probe = probe((request, wire) -> {
            wire.beginStream();
            wire.chunk("{\"result\":{\"watch_id\":\"-1\",\"created\":true,\"canceled\":true}}\n");
        });

        Watched watched = probe.watch("a", "b", 5);

        assertEnds(watched, Kind.UNAVAILABLE);
        assertThat(watched.isCreated()).isFalse();
    }

    @Test
    void aWatchWhoseStreamEndsHasEnded() throws IOException {
        TransportProbe probe = probe((request, wire) -> {
            wire.beginStream();
            wire.chunk(CREATED + EVENT);
            wire.endStream();
        });

        Watched watched = probe.watch("a", "b", 5);

        assertEnds(watched, Kind.UNAVAILABLE);
        assertThat(watched.events()).hasSize(1);
    }

    @Test
    void aFinalErrorOfAStreamNeedsNoLineEnd() throws IOException {
        TransportProbe probe = probe((request, wire) -> {
            wire.beginStream();
            wire.chunk(CREATED);
            wire.chunk("{\"error\":{\"grpc_code\":14,\"http_code\":503,\"message\":\"etcdserver: no leader\"}}");
            wire.endStream();
        });

        EtcdFailure failure = probe.watch("a", "b", 5).awaitEnd();

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure.detail()).endsWith(": no leader");
    }

    @Test
    void aStreamThatEndsWithinAMessageHasEnded() throws IOException {
        TransportProbe probe = probe((request, wire) -> {
            wire.beginStream();
            wire.chunk(CREATED + "{\"result\":{\"ev");
            wire.endStream();
        });

        assertEnds(probe.watch("a", "b", 5), Kind.UNAVAILABLE);
    }

    @Test
    void aWatchWhoseStreamIsTruncatedHasEnded() throws IOException {
        TransportProbe probe = probe((request, wire) -> {
            wire.beginStream();
            wire.chunk(CREATED + "{\"result\":{\"ev");
            wire.close();
        });

        assertEnds(probe.watch("a", "b", 5), Kind.UNAVAILABLE);
    }

    @Test
    void aWatchWhoseConnectionIsResetHasEnded() throws IOException {
        TransportProbe probe = probe((request, wire) -> {
            wire.beginStream();
            wire.reset();
        });

        assertEnds(probe.watch("a", "b", 5), Kind.UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 503})
    void aRefusedWatchHasEnded(int status) throws IOException {
        TransportProbe probe = probe((request, wire) -> wire.respond(status, "<html>"));

        assertEnds(probe.watch("a", "b", 5), status == 404 ? Kind.NOT_ETCD : Kind.UNAVAILABLE);
    }

    @Test
    void aCancelledWatchClosesItsConnection() throws IOException {
        FaultyEtcd etcd = etcd((request, wire) -> {
            wire.beginStream();
            wire.chunk(CREATED);
        });
        Watched watched = probe(etcd).watch("a", "b", 5).awaitCreated();

        watched.cancel();

        Await.get(etcd.connections().get(0));
        assertThat(watched.isEnded()).isFalse();
    }

    /** A silent endpoint does not end the watch itself. */
    @Test
    void aWatchEndsAtAnEndpointThatIsLeftForAnUnansweredRequest() throws IOException {
        TransportProbe probe = probe((request, wire) -> {
            if (request.path().equals("/v3/watch")) {
                wire.beginStream();
                wire.chunk(CREATED);
            } else {
                wire.awaitEnd();
            }
        });
        Watched watched = probe.watch("a", "b", 5).awaitCreated();

        probe.cancel(probe.start(ASK).call());

        assertEnds(watched, Kind.UNAVAILABLE);
    }

    /** The client reads at most 64 KiB ahead, and what it has read is delivered without further input from etcd. */
    @Test
    void aSlowOwnerGetsAllChangesInTheEnd() throws IOException {
        int events = 20_000; // 2 MB
        var behind = new CountDownLatch(1);
        var sent = new CountDownLatch(events / 10);
        var readOn = new CountDownLatch(1);
        TransportProbe probe = probe((request, wire) -> {
            wire.beginStream();
            wire.chunk(CREATED);
            Await.latch(behind);
            for (int i = 0; i < events; i += 100) {
                wire.chunk(EVENT.repeat(100));
                LongStream.range(0, 100).forEach(each -> sent.countDown());
            }
            wire.awaitEnd();
        });
        Watched watched = probe.watch("a", "b", 5).awaitCreated();
        var unused = Await.start(() -> probe.onOwner(() -> {
            behind.countDown();
            Await.latch(readOn);
            return behind;
        }));

        Await.latch(sent);
        readOn.countDown();

        watched.awaitEvents(events);
    }
}
