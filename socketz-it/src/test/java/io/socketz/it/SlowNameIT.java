package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers with an endpoint of etcd whose host name is not resolved, because no name server answers. */
@Timeout(120)
final class SlowNameIT {
    private static final String LIST_IS_FRESH = "fresh at revision ";

    /**
     * 1 s for the lookup; 1 s for the election, if the leader was killed; and the rest for a busy machine. Who waits for
     * the lookup waits for ever.
     */
    private static final Duration FAILOVER = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void aLookupThatHangsDelaysTheWayToTheOtherMembersByOneSecond() throws Exception {
        Path hosts = folder.resolve("hosts");
        assertThat(Child.of(List.of("mkfifo", hosts.toString())).run().status()).isZero();
        try (EtcdCluster cluster = EtcdCluster.start(3)) {
            cluster.kill(2); // so that the servers connect to member 0; they reach no member by the name
            try (ServerProcess first = server("etcd", cluster, hosts);
                    ServerProcess second = server("gateway", cluster, hosts);
                    PlainClient ofFirst = PlainClient.greeted(first.port());
                    PlainClient ofSecond = PlainClient.greeted(second.port())) {
                List<String> addresses = List.of(ofFirst.address(), ofSecond.address());
                for (PlainClient client : List.of(ofFirst, ofSecond)) {
                    Polling.until(
                            () -> freshList(client), list -> holdsAll(list, addresses), "not in each other's list");
                }
                cluster.startAll();

                cluster.kill(0);

                Map<String, Duration> delays = awaitFresh(Map.of("etcd", ofFirst, "gateway", ofSecond), addresses);
                System.out.println(
                        "a member killed, and no answer to the next one's name: fresh again after " + delays);
                assertThat(delays.values()).allMatch(delay -> delay.compareTo(FAILOVER) < 0);
                assertThat(List.of(lookups(first), lookups(second)))
                        .as("lookups that still hang")
                        .containsExactly(1L, 1L);
            }
        }
    }

    /**
     * No lookup in its JVM ends, because Java waits for someone to write to the pipe that is its file of hosts. The server
     * begins at a random endpoint, so its first lookup may be at the start, or when the member is killed.
     */
    private static ServerProcess server(String state, EtcdCluster cluster, Path hosts) throws Exception {
        String endpoints =
                cluster.endpoint(0) + ",http://slow.test:" + cluster.endpoint(1).getPort() + "," + cluster.endpoint(2);
        return ServerProcess.start(ServerProcess.command("--state", state, "--etcd", endpoints)
                .environment("SOCKETZ_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts));
    }

    /** Asks all of them again and again: how long each took to be fresh. Nobody may be missing from a list meanwhile. */
    private static Map<String, Duration> awaitFresh(Map<String, PlainClient> clients, List<String> addresses)
            throws Exception {
        long start = System.nanoTime();
        Map<String, Duration> delays = new TreeMap<>();
        return Polling.until(
                () -> {
                    for (Map.Entry<String, PlainClient> client : clients.entrySet()) {
                        String list = freshList(client.getValue());
                        assertThat(addresses).allMatch(list::contains);
                        if (list.contains(LIST_IS_FRESH)) {
                            delays.putIfAbsent(client.getKey(), Duration.ofNanos(System.nanoTime() - start));
                        }
                    }
                    return delays;
                },
                found -> found.size() == clients.size(),
                "not all are fresh again");
    }

    private static boolean holdsAll(String list, List<String> addresses) {
        return list.contains(LIST_IS_FRESH) && addresses.stream().allMatch(list::contains);
    }

    /** The three lines of {@code WHO FRESH}. */
    private static String freshList(PlainClient client) throws IOException {
        return client.ask("WHO FRESH") + "\n" + client.line() + "\n" + client.line();
    }

    /** How many lookups it is waiting for: each has a thread, whose name Linux knows. */
    private static long lookups(ServerProcess server) throws IOException {
        Path tasks = Path.of("/proc/" + server.process().handle().pid() + "/task");
        try (Stream<Path> threads = Files.list(tasks)) {
            return threads.map(SlowNameIT::nameOf)
                    .filter("etcd-lookup\n"::equals)
                    .count();
        }
    }

    /** Empty if the thread has ended by now. */
    private static String nameOf(Path thread) {
        try {
            return Files.readString(thread.resolve("comm"));
        } catch (IOException e) {
            return "";
        }
    }
}
