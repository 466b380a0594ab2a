package io.socketz.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that rebalance after a rolling restart, behind a real HAProxy, with a real etcd. */
class RebalanceIT {
    private static final int CLIENTS = 1_500;

    /** Longer than anything takes between two changes of the cluster while it is restarted. */
    private static final Duration AFTER = Duration.ofSeconds(8);

    private static final Pattern OWN_CLIENTS = Pattern.compile("(?m)^socketz_clients (\\d+)");
    private static final Pattern REBALANCING = Pattern.compile("(?m)^socketz_rebalancing (\\d+)");

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void aRollingRestartEndsWithAnEvenSpreadAndNobodyIsMovedTwice() throws Exception {
        Duration after = AFTER;
        // On a machine that is very busy, a step of the restart takes longer, and clients move between two of them.
        while (!restartsAndEndsEven(after)) {
            after = after.multipliedBy(2);
            assertThat(after).as("clients move during the restart").isLessThan(Polling.LIMIT);
        }
    }

    /** Returns false if clients moved before the restart had ended: then nothing follows from it. */
    private boolean restartsAndEndsEven(Duration after) throws Exception {
        Path data = Files.createDirectory(folder.resolve(after.toString()));
        try (Topology topology =
                Topology.in(Checkout.home(), data).etcd(1).rebalance(after).build()) {
            topology.start(progress -> {});
            try (IdleClients clients = IdleClients.start(topology.clientPorts().get(0), CLIENTS)) {
                awaitAll(clients);
                for (String server : topology.serverNames()) {
                    topology.stop(server, progress -> {});
                    topology.start(server, progress -> {});
                }
                awaitAll(clients);
                List<Integer> restarted = shares(topology);
                int[] before = clients.losses();
                if (rebalanced(topology) > 0) {
                    return false;
                }
                assertThat(restarted).as("there is something to do").anyMatch(share -> share < CLIENTS / 10);
                Polling.until(() -> metric(topology, REBALANCING), one -> one.contains(1), "does not begin");
                long begun = System.nanoTime();
                Polling.until(() -> shares(topology), RebalanceIT::areEven, "not even, after " + restarted);
                Polling.until(() -> metric(topology, REBALANCING), List.of(0, 0, 0)::equals, "does not end");
                long took = System.nanoTime() - begun;
                awaitAll(clients);
                int[] losses = clients.losses();
                int[] moves = IntStream.range(0, CLIENTS)
                        .map(client -> losses[client] - before[client])
                        .toArray();
                int moved = Arrays.stream(moves).sum();
                System.out.printf(
                        "rebalanced: %s -> %s in %.1f s, %d moved%n", restarted, shares(topology), took / 1e9, moved);
                assertThat(Arrays.stream(moves).max())
                        .as("nobody is moved twice")
                        .hasValue(1);
                assertThat(rebalanced(topology)).isEqualTo(moved);
                assertThat(areEven(shares(topology))).as("still even").isTrue();
            }
            return true;
        }
    }

    /** Whether each server is within 10 % of its share. */
    private static boolean areEven(List<Integer> shares) {
        int share = CLIENTS / shares.size();
        return shares.stream().allMatch(clients -> Math.abs(clients - share) <= share / 10);
    }

    private static void awaitAll(IdleClients clients) throws Exception {
        Polling.until(clients::greeted, greeted -> greeted == CLIENTS, "clients are missing");
    }

    /** How many clients each server has. */
    private List<Integer> shares(Topology topology) throws Exception {
        return metric(topology, OWN_CLIENTS);
    }

    /** The value of a metric on each server. */
    private List<Integer> metric(Topology topology, Pattern wanted) throws Exception {
        List<Integer> values = new ArrayList<>();
        for (URI page : topology.adminPages()) {
            HttpRequest request =
                    HttpRequest.newBuilder(page.resolve("metrics")).build();
            String metrics = http.send(request, BodyHandlers.ofString()).body();
            Matcher value = wanted.matcher(metrics);
            assertThat(value.find()).as(metrics).isTrue();
            values.add(Integer.parseInt(value.group(1)));
        }
        return values;
    }

    /** How many clients all servers have let go, by their logs. */
    private static long rebalanced(Topology topology) throws Exception {
        long found = 0;
        for (String server : topology.serverNames()) {
            found += Files.readAllLines(topology.log(server)).stream()
                    .filter(line -> line.contains(" REBALANCED"))
                    .count();
        }
        return found;
    }
}
