package io.socketz.state.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.state.Await;
import io.socketz.state.etcd.transport.Endpoints;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Pending;
import io.socketz.state.etcd.transport.TransportProbe.Request;
import io.socketz.state.gateway.GatewayHttp.Link;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http.HttpHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which addresses the gateway transport connects to, and what it holds. */
final class GatewayConnectionsTest extends FaultyEtcdTest {
    @Test
    void aRefusedConnectionIsReportedInOneLine() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        TransportProbe probe = probe(EtcdOptions.of(List.of(URI.create("http://127.0.0.1:" + port))));

        EtcdFailure failure = probe.askInVain(ASK);

        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure.detail()).isEqualTo("http://127.0.0.1:" + port + ": connection refused");
    }

    @Test
    void anEndpointWithoutALeaderIsFollowedByTheNextOne() throws IOException {
        FaultyEtcd lost = etcd((request, wire) -> wire.refuse(503, 14, "etcdserver: no leader"));
        FaultyEtcd well = etcd((request, wire) -> wire.respond(200, REVISION));
        TransportProbe probe = probe(EtcdOptions.of(List.of(lost.uri(), well.uri())));
        try {
            assertThat(probe.ask(ASK)).isEqualTo(7);
        } catch (TransportProbe.Failed e) {
            assertThat(e.failure().kind()).isEqualTo(Kind.UNAVAILABLE);
        }

        for (int i = 0; i < 5; i++) {
            assertThat(probe.ask(ASK)).isEqualTo(7);
        }
        assertThat(lost.requests()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void anEndpointIsKeptAfterAFailureThatIsNotItsFault() throws IOException {
        FaultyEtcd.Script full = (request, wire) ->
                wire.respond(429, "{\"code\":8,\"message\":\"etcdserver: mvcc: database space exceeded\"}");
        List<FaultyEtcd> both = List.of(etcd(full), etcd(full));
        TransportProbe probe =
                probe(EtcdOptions.of(both.stream().map(FaultyEtcd::uri).toList()));

        for (int i = 0; i < 4; i++) {
            assertThat(probe.askInVain(ASK).kind()).isEqualTo(Kind.REFUSED);
        }
        assertThat(both).extracting(etcd -> etcd.requests().size()).containsExactlyInAnyOrder(0, 4);
    }

    @Test
    void aCancelledRequestClosesItsConnectionAndMovesToTheNextEndpoint() throws IOException {
        var first = new CompletableFuture<FaultyEtcd.Wire>();
        FaultyEtcd.Script script = (request, wire) -> {
            if (!first.complete(wire)) {
                wire.respond(200, REVISION);
            }
        };
        List<FaultyEtcd> both = List.of(etcd(script), etcd(script));
        TransportProbe probe =
                probe(EtcdOptions.of(both.stream().map(FaultyEtcd::uri).toList()));
        Pending<Long> silent = probe.start(ASK);
        FaultyEtcd.Wire wire = Await.get(first);

        probe.cancel(silent.call());

        assertThat(probe.ask(ASK)).isEqualTo(7);
        Await.get(wire.closed());
        assertThat(silent.result()).isNotDone();
        assertThat(both).extracting(etcd -> etcd.requests().size()).containsExactly(1, 1);
    }

    @Test
    void aHandfulOfConnectionsIsEnoughForAllRequests() throws IOException {
        CountDownLatch go = new CountDownLatch(1);
        FaultyEtcd etcd = etcd((request, wire) -> {
            Await.latch(go);
            wire.respond(200, REVISION);
        });
        TransportProbe probe = probe(etcd);
        List<Pending<Long>> pending = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            pending.add(probe.start(ASK));
        }
        go.countDown();

        for (Pending<Long> each : pending) {
            assertThat(Await.get(each.result())).isEqualTo(7);
        }
        assertThat(etcd.connections()).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void hangingRequestsDoNotDelayThoseToTheNextEndpoint() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch hanging = new CountDownLatch(4);
        CountDownLatch together = new CountDownLatch(4);
        FaultyEtcd.Script script = (request, wire) -> {
            if (asked.incrementAndGet() <= 4) {
                hanging.countDown();
                wire.awaitEnd();
                return;
            }
            together.countDown();
            Await.latch(together);
            wire.respond(200, REVISION);
        };
        TransportProbe probe =
                probe(EtcdOptions.of(List.of(etcd(script).uri(), etcd(script).uri())));
        List<Pending<Long>> pending = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pending.add(probe.start(ASK));
        }
        Await.latch(hanging);

        probe.cancel(pending.get(0).call());

        for (Pending<Long> each : pending.subList(4, 8)) {
            assertThat(Await.get(each.result())).isEqualTo(7);
        }
        assertThat(pending.subList(0, 4)).allMatch(each -> !each.result().isDone());
    }

    @Test
    void aRequestThatWaitsBehindOthersCanBeCancelled() throws IOException {
        FaultyEtcd etcd = etcd((request, wire) -> wire.awaitEnd());
        TransportProbe probe = probe(etcd);
        List<Pending<Long>> pending = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            pending.add(probe.start(ASK));
        }

        for (int i = 5; i >= 0; i--) {
            probe.cancel(pending.get(i).call());
        }

        assertThat(pending).allMatch(each -> !each.result().isDone());
    }

    @Test
    void openingAndClosingManyTimesLeavesNoThreadsOrConnections() throws Exception {
        FaultyEtcd etcd = etcd((request, wire) -> {
            if (request.path().equals("/v3/watch")) {
                wire.beginStream();
                wire.chunk(CREATED);
            } else {
                wire.respond(200, REVISION);
            }
        });
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (int round = 0; round < 5; round++) {
            TransportProbe probe =
                    new TransportProbe(owner -> new GatewayTransport(EtcdOptions.of(List.of(etcd.uri())), owner));
            probe.watch("a", "b", 1).awaitCreated();
            assertThat(probe.ask(ASK)).isEqualTo(7);
            probe.close();
        }

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(
                        thread -> !before.contains(thread) && !thread.getName().equals("faulty-etcd"))
                .isEmpty();
        assertThat(etcd.connections()).hasSize(10);
        etcd.connections().forEach(Await::get);
    }

    @Test
    void aServerWithoutTlsIsReportedAsNotEtcd() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var unused = Await.start(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getInputStream().readNBytes(5);
                    socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                    return socket.getInputStream().readAllBytes();
                }
            });
            URI uri = URI.create("https://127.0.0.1:" + listener.getLocalPort());

            EtcdFailure failure = probe(EtcdOptions.of(List.of(uri))).askInVain(ASK);

            assertThat(failure).isEqualTo(new EtcdFailure(Kind.NOT_ETCD, uri + ": does not speak TLS"));
        }
    }

    /** A decoder throws no error itself, but memory may run out while it works. */
    @Test
    void anErrorOnTheClientsThreadFailsOnlyOneRequest() throws Exception {
        FaultyEtcd etcd = etcd((request, wire) -> wire.respond(200, REVISION));
        Request<Long> outOfMemory = (transport, answer) -> ((GatewayTransport) transport)
                .enqueue(new GatewayCall<>(
                        (GatewayTransport) transport,
                        "/v3/kv/range",
                        new byte[0],
                        reply -> {
                            throw new OutOfMemoryError("for a test");
                        },
                        answer));
        TransportProbe probe = probe(etcd);
        for (int i = 0; i < 3; i++) {
            assertThat(probe.askInVain(outOfMemory).kind()).isEqualTo(Kind.UNAVAILABLE);
            assertThat(probe.ask(ASK)).isEqualTo(7);
        }
    }

    @Test
    void aDeadHttpClientIsReplaced() throws Exception {
        FaultyEtcd etcd = etcd((request, wire) -> wire.respond(200, REVISION));
        GatewayHttp http = new GatewayHttp(EtcdOptions.of(List.of(etcd.uri())));
        Link first = find(http);
        first.client().close();
        first.client().awaitClosed(TimeUnit.SECONDS.toNanos(20));

        Link second = find(http);

        assertThat(second.isOfSameClient(first)).isFalse();
        assertThat(find(http).isOfSameClient(second)).isTrue();
        http.close();
    }

    private static Link find(GatewayHttp http) {
        var found = new CompletableFuture<Link>();
        http.findNext((link, error) -> found.complete(link));
        return Await.get(found);
    }

    @Test
    void anImpossibleAddressIsSkipped() throws IOException {
        FaultyEtcd well = etcd((request, wire) -> wire.respond(200, REVISION));
        for (String bad : List.of("https://etcd_1:2379", "http://127.0.0.1:99999")) {
            for (int i = 0; i < 4; i++) { // whichever address comes first
                TransportProbe probe = probe(EtcdOptions.of(List.of(URI.create(bad), well.uri())));
                try {
                    assertThat(probe.ask(ASK)).isEqualTo(7);
                } catch (TransportProbe.Failed e) {
                    assertThat(e.failure().kind()).isEqualTo(Kind.UNAVAILABLE);
                    assertThat(e.failure().detail()).startsWith(bad);
                    assertThat(probe.ask(ASK)).isEqualTo(7);
                }
            }
        }
    }

    @Test
    void connectsToTheAddressAndSendsTheName() throws Exception {
        byte[] local = InetAddress.getByName("fe80::1").getAddress();
        InetAddress address = Inet6Address.getByAddress("etcd", local, 7);
        Map<String, String> names =
                Map.of("http://etcd:2379", "etcd", "https://etcd_1", "etcd_1", "https://[fe80::1%7]:2379", "fe80::1");
        for (Map.Entry<String, String> each : names.entrySet()) {
            HttpHost host = Link.host(new Endpoints.Address(URI.create(each.getKey()), address, 2379));
            assertThat(host.getAddress()).isSameAs(address);
            assertThat(host.getHostName()).isEqualTo(each.getValue());
        }
    }

    /** A pipe stands for a name service that does not answer: neither can be interrupted. */
    @Test
    void onlyOneThreadSearchesForAnEndpointHoweverManyRequestsAreCancelled(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("authority.pem");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        List<URI> endpoints = List.of(URI.create("https://127.0.0.1:1"));
        TransportProbe probe = probe(new EtcdOptions(endpoints, null, null, pipe, null, null));
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        for (int i = 0; i < 10; i++) {
            probe.cancel(probe.start(ASK).call());
        }

        List<String> threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> name.startsWith("etcd-gateway"))
                .toList();
        Pending<Long> next = probe.start(ASK);
        OutputStream writer = Files.newOutputStream(pipe); // once there is a reader
        Files.delete(pipe);
        writer.close();
        assertThat(threads).hasSize(1);
        var unused = Await.get(next.result().handle((value, failure) -> true));
        assertThatThrownBy(next.result()::join).hasRootCauseMessage("UNTRUSTED: " + pipe + ": no such file");
    }

    @Test
    void aMissingFileIsReportedByName() {
        Path missing = Path.of("none.pem");
        List<URI> endpoints = List.of(URI.create("https://127.0.0.1:1"));

        EtcdFailure authority = probe(new EtcdOptions(endpoints, null, null, missing, null, null))
                .askInVain(ASK);
        EtcdFailure certificate = probe(new EtcdOptions(endpoints, null, null, null, missing, missing))
                .askInVain(ASK);

        assertThat(authority).isEqualTo(new EtcdFailure(Kind.UNTRUSTED, "none.pem: no such file"));
        assertThat(certificate).isEqualTo(new EtcdFailure(Kind.CLIENT_CERTIFICATE, "none.pem: no such file"));
    }

    /** A proxy would get etcd's user and password. */
    @Test
    void proxiesInSystemPropertiesAreIgnored() throws IOException {
        FaultyEtcd proxy = etcd((request, wire) -> wire.respond(200, REVISION));
        FaultyEtcd etcd = etcd((request, wire) -> wire.respond(200, REVISION));
        Map<String, String> properties = Map.of(
                "proxyHost",
                "127.0.0.1",
                "proxyPort",
                String.valueOf(proxy.uri().getPort()),
                "nonProxyHosts",
                "");
        properties.forEach((name, value) -> System.setProperty("http." + name, value));
        try {
            assertThat(probe(etcd).ask(ASK)).isEqualTo(7);
        } finally {
            properties.keySet().forEach(name -> System.clearProperty("http." + name));
        }
        assertThat(proxy.connections()).isEmpty();
    }
}
