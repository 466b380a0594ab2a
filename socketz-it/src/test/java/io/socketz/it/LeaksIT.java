package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Registries that open, lose their connections and close leave nothing behind. */
class LeaksIT {
    private static final int ROUNDS = 20;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /** The first rounds create what the JVM and the libraries keep for good. */
    private static final int WARM_UP = 3;

    @Test
    @Timeout(value = 200, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void twentyRoundsLeaveNoThreadAndNoConnection() throws Exception {
        try (EtcdCluster cluster = EtcdCluster.start(1);
                TcpProxy proxy = TcpProxy.to(cluster.endpoint(0))) {
            Map<String, Integer> threads = Map.of();
            long sockets = 0;
            for (int i = 0; i < ROUNDS; i++) {
                round(proxy);
                Polling.until(proxy::connections, count -> count == 0, "connections are left");
                if (i == WARM_UP) {
                    threads = threads();
                    sockets = sockets();
                }
            }
            Map<String, Integer> before = threads;
            Polling.until(LeaksIT::threads, after -> isNoMore(after, before), "more threads than " + before);
            assertThat(sockets()).isLessThanOrEqualTo(sockets);
            assertThat(threads().keySet()).noneMatch(name -> name.startsWith("state"));
            assertThat(cluster.etcdctl("get", "--prefix", "--keys-only", "/")).isEmpty();
        }
    }

    private static void round(TcpProxy proxy) {
        Fleet fleet = new Fleet();
        try {
            for (Way way : Way.values()) {
                fleet.add(Node.open(way, "server of " + way, "/leaks", List.of(proxy.endpoint())));
            }
            fleet.nodes().forEach(node -> node.join(10));
            fleet.awaitRight(System.nanoTime(), LIMIT);
            assertThat(proxy.connections()).isGreaterThanOrEqualTo(2);
            proxy.cut();
            fleet.nodes().forEach(Node::join);
            proxy.resume();
            fleet.awaitRight(System.nanoTime(), LIMIT);
        } finally {
            fleet.nodes().forEach(Node::close);
        }
    }

    private static boolean isNoMore(Map<String, Integer> after, Map<String, Integer> before) {
        return after.entrySet().stream().allMatch(entry -> entry.getValue() <= before.getOrDefault(entry.getKey(), 0));
    }

    /** How many threads there are of each name, with numbers removed from names. */
    private static Map<String, Integer> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .collect(Collectors.toMap(
                        thread -> thread.getName().replaceAll("\\d+", "N"), thread -> 1, Integer::sum, TreeMap::new));
    }

    private static long sockets() throws IOException {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.filter(LeaksIT::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // the descriptor that lists them, closed by now
        }
    }
}
