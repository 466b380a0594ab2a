package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.TransportProbe;
import io.socketz.state.etcd.transport.TransportProbe.Pending;
import io.socketz.state.etcd.transport.TransportProbe.Watched;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An etcd whose members fail, through jetcd; servers that are not etcd; and what is left at the end. */
final class JetcdFailoverIT extends EtcdFailoverContract {
    JetcdFailoverIT() {
        super(Way.JETCD);
    }

    @Test
    void leavesASilentMemberAndItsCallsWhenTheOwnerGivesUp() {
        TransportProbe probe = openOnFirstOfTwo();
        long lease = probe.ask(LEASE);
        Watched watched = probe.watch(FROM, TO, probe.ask(REVISION) + 1).awaitCreated();
        cluster.pause(0);
        Pending<Long> cancelled = probe.start(keepAlive(lease));
        Pending<Long> other = probe.start(keepAlive(lease));

        probe.cancel(cancelled.call());

        EtcdFailure end = watched.awaitEnd();
        assertThat(end).isEqualTo(new EtcdFailure(Kind.UNAVAILABLE, cluster.endpoint(0) + ": no answer"));
        String failed = io.socketz.state.Await.get(other.result().handle((ttl, thrown) -> String.valueOf(thrown)));
        assertThat(failed).endsWith(end.detail());
        cluster.awaitHealthy();
        assertThat(probe.ask(keepAlive(lease))).isEqualTo(60);
        assertThat(cancelled.result()).isNotDone();
        assertWatchWorks(probe);
    }

    @Test
    void givesUpASilentMemberWithinFiveSeconds() {
        TransportProbe probe = openOnFirstOfTwo();
        cluster.pause(0);

        assertThat(probe.askInVain(REVISION).kind()).isEqualTo(Kind.TIMEOUT);
        cluster.awaitHealthy();
        probe.ask(REVISION);
    }

    @Test
    void aServerThatIsNotEtcdIsReportedAsSuch() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        URI http = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try {
            assertThat(open(http).askInVain(REVISION))
                    .isEqualTo(new EtcdFailure(Kind.NOT_ETCD, http + ": does not answer as etcd does"));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void theLastTransportLeavesNoConnectionAndNoLibraryThread() throws Exception {
        TransportProbe probe = open(cluster.endpoint(0));
        assertWatchWorks(probe);
        assertThat(connections()).isNotEmpty();

        closeTransports();

        Polling.until(JetcdFailoverIT::connections, List::isEmpty, "connections are left");
        Polling.until(
                () -> Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(JetcdFailoverIT::isOfLibrary)
                        .toList(),
                List::isEmpty,
                "threads are left");
    }

    private static boolean isOfLibrary(String thread) {
        String name = thread.toLowerCase(Locale.ROOT);
        return Stream.of("grpc", "failsafe", "vert", "jetcd", "etcd", "netty").anyMatch(name::contains)
                && !name.equals("end of etcd");
    }

    /** This process's connections to the cluster, according to Linux (proc(5)). */
    private static List<String> connections() throws IOException {
        List<String> ports = cluster.endpoints().stream()
                .map(endpoint -> ":%04X".formatted(endpoint.getPort()))
                .toList();
        Set<String> inodes = ProcessSockets.inodes(Path.of("/proc/self"));
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/self/net/tcp")));
        lines.addAll(Files.readAllLines(Path.of("/proc/self/net/tcp6")));
        return lines.stream()
                .filter(line -> {
                    String[] fields = line.strip().split("\\s+", 11);
                    return inodes.contains(fields[9]) && ports.stream().anyMatch(fields[2]::endsWith);
                })
                .toList();
    }
}
