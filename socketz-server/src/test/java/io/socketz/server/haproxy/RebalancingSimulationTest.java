package io.socketz.server.haproxy;

import static io.socketz.server.haproxy.RebalancedCluster.QUIET;
import static io.socketz.server.haproxy.RebalancedCluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.haproxy.RebalancedCluster.Server;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whole clusters that rebalance, from seeds. That nobody is moved twice is checked in all of them. */
class RebalancingSimulationTest {
    private static final int SEEDS = 100;
    private static final long MINUTE = 60 * SECOND;

    /** The first clients that a server lets go, before any of them has arrived elsewhere. */
    private static final int FIRST = 20;

    @Test
    void anySpreadBecomesEvenAndNoMoreMoveThanHaveTo() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            int servers = 2 + random.nextInt(8);
            int most = random.nextBoolean() ? 100 : 1_500;
            int[] sizes = IntStream.range(0, servers)
                    .map(i -> random.nextInt(3) == 0 ? 0 : random.nextInt(most))
                    .toArray();
            RebalancedCluster cluster = new RebalancedCluster(seed, sizes);
            int excess = excess(sizes);
            boolean uneven = cluster.spread().isUneven();
            cluster.run(QUIET + 3 * MINUTE);
            String what = "seed " + seed + ": " + Arrays.toString(sizes);
            assertThat(cluster.spread().isUneven()).as(what).isFalse();
            assertThat(cluster.letGo()).as(what).isLessThanOrEqualTo(uneven ? excess + excess / 10 + FIRST : 0);
            long letGo = cluster.letGo();
            cluster.run(2 * MINUTE);
            assertThat(cluster.letGo()).as(what + ": and that was all").isEqualTo(letGo);
        }
    }

    private static int excess(int[] sizes) {
        double mean = Arrays.stream(sizes).average().orElseThrow();
        return (int) Arrays.stream(sizes)
                .mapToDouble(size -> Math.max(0, size - mean))
                .sum();
    }

    @Test
    void aRollingRestartEndsEven() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            RebalancedCluster cluster = new RebalancedCluster(seed, 1_000, 1_000, 1_000);
            restartAll(cluster, random, 2 * SECOND + random.nextInt(4) * SECOND);
            cluster.run(QUIET + 2 * MINUTE);
            Spread spread = cluster.spread();
            for (Server server : cluster.servers()) {
                assertThat(server.size()).as("seed " + seed).isBetween(900, 1_100);
            }
            assertThat(spread.isUneven()).isFalse();
        }
    }

    /** Clients move between two of the restarts; those then stay, so that the spread is even only after they have rested. */
    @Test
    void aSlowRollingRestartMovesNobodyTwiceAndEndsEven() {
        for (long seed = 0; seed < SEEDS / 4; seed++) {
            Random random = new Random(seed);
            RebalancedCluster cluster = new RebalancedCluster(seed, 600, 600, 600);
            restartAll(cluster, random, random.nextInt(120) * SECOND);
            cluster.run(LateMoves.REST_NANOS + 5 * MINUTE);
            assertThat(cluster.spread().isUneven()).as("seed " + seed).isFalse();
        }
    }

    private static void restartAll(RebalancedCluster cluster, Random random, long pause) {
        for (Server server : cluster.servers()) {
            server.drain((3 + random.nextInt(15)) * SECOND);
            while (server.isUp()) {
                cluster.run(SECOND);
            }
            cluster.run(SECOND + random.nextInt(5) * SECOND);
            server.start();
            cluster.run(pause);
        }
    }

    @Test
    void clientsThatComeAndGoMoveNobody() {
        for (long seed = 0; seed < SEEDS / 4; seed++) {
            RebalancedCluster cluster = new RebalancedCluster(seed, 500, 500, 500);
            cluster.setChurn(0.01);
            cluster.run(5 * MINUTE);
            assertThat(cluster.letGo()).as("seed " + seed).isZero();
        }
    }

    @Test
    void clientsThatComeAndGoDoNotKeepTheSpreadFromBecomingEven() {
        for (long seed = 0; seed < SEEDS / 4; seed++) {
            RebalancedCluster cluster = new RebalancedCluster(seed, 1_200, 900, 0);
            cluster.setChurn(0.001);
            cluster.run(5 * MINUTE);
            assertThat(cluster.spread().isUneven()).as("seed " + seed).isFalse();
        }
    }

    @Test
    void aServerThatHaproxyDoesNotReachCostsFewClients() {
        for (long seed = 0; seed < SEEDS / 4; seed++) {
            RebalancedCluster cluster = new RebalancedCluster(seed, 1_500, 1_500, 0);
            cluster.servers().get(2).setUnreachable();
            cluster.run(5 * MINUTE);
            assertThat(cluster.letGo()).as("seed " + seed).isLessThanOrEqualTo(2 * FIRST);
        }
    }

    @Test
    void clientsThatDoNotComeBackAreFew() {
        for (long seed = 0; seed < SEEDS / 4; seed++) {
            RebalancedCluster cluster = new RebalancedCluster(seed, 1_500, 1_500, 0);
            cluster.setGone();
            cluster.run(5 * MINUTE);
            assertThat(cluster.letGo()).as("seed " + seed).isLessThanOrEqualTo(2 * FIRST);
        }
    }
}
