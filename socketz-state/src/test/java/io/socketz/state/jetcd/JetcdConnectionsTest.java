package io.socketz.state.jetcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdOptions;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Pending;
import io.socketz.state.etcd.transport.TransportProbe.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which addresses jetcd's transport connects to. The listeners there are silent. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class JetcdConnectionsTest {
    private static final Request<Long> ASK = (transport, answer) -> transport.revision("a", answer);

    /** Closed after each test, the transport first. */
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    /** The addresses of connections, in order. */
    private final BlockingQueue<URI> connections = new LinkedBlockingQueue<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private URI listen(boolean holds) throws IOException {
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        URI uri = URI.create("http://127.0.0.1:" + listener.getLocalPort());
        open.add(listener);
        var unused = Await.start(() -> {
            while (true) {
                Socket taken = listener.accept();
                connections.add(uri);
                if (holds) {
                    open.add(taken);
                } else {
                    taken.close();
                }
            }
        });
        return uri;
    }

    private URI nextConnection() throws InterruptedException {
        return Objects.requireNonNull(connections.poll(20, TimeUnit.SECONDS), "no connection");
    }

    private TransportProbe probe(URI... endpoints) {
        TransportProbe probe =
                new TransportProbe(owner -> new JetcdTransport(EtcdOptions.of(List.of(endpoints)), owner));
        open.add(0, probe);
        return probe;
    }

    @Test
    void anAddressThatALibraryRejectsIsSkipped() throws Exception {
        URI bad = URI.create("http://127.0.0.1:99999");
        URI good = listen(false);
        for (int i = 0; i < 4; i++) { // whichever address comes first
            TransportProbe probe = probe(bad, good);
            List<EtcdFailure> failures = List.of(probe.askInVain(ASK), probe.askInVain(ASK));

            assertThat(failures).allMatch(failure -> failure.kind() == Kind.UNAVAILABLE);
            assertThat(failures).anyMatch(failure -> failure.detail().startsWith(bad + ": "));
            assertThat(nextConnection()).isEqualTo(good);
            connections.clear();
        }
    }

    @Test
    void cancellingAnUnsentRequestAlsoMovesToTheNextEndpoint() throws Exception {
        TransportProbe probe = probe(listen(true), listen(true));
        Pending<Long> sent = probe.start(ASK);
        URI first = nextConnection();
        CountDownLatch go = new CountDownLatch(1);
        ((JetcdTransport) probe.transport()).worker().execute(() -> Await.latch(go));

        probe.cancel(probe.start(ASK).call());
        go.countDown();

        EtcdFailure left =
                Await.get(sent.result().handle((value, failed) -> ((TransportProbe.Failed) failed).failure()));
        assertThat(left).isEqualTo(new EtcdFailure(Kind.UNAVAILABLE, first + ": no answer"));
        var unused = probe.start(ASK);
        assertThat(nextConnection()).isNotEqualTo(first);
    }
}
