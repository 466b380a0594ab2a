package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * The algorithm against a model of etcd, on virtual time, while everything goes wrong that is known to go wrong: {@link
 * Scenario} says what, {@link SimulationReferee} says what must hold. Seeds 1 to {@code -Dsocketz.seeds}; {@code
 * -Dsocketz.seed=N} runs one, and prints all that happens.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("socketz.seeds", 400);

    @Test
    void whateverGoesWrongEveryPromiseIsKept() {
        Long one = Long.getLong("socketz.seed");
        if (one != null) {
            new Scenario(one, true).run();
            return;
        }
        Map<String, Integer> counts = new ConcurrentHashMap<>();
        LongStream.rangeClosed(1, SEEDS).parallel().forEach(seed -> run(seed, counts));
        report(new TreeMap<>(counts));
        assertThat(counts)
                .as("what was tested")
                .containsKeys(
                        "contents compared",
                        "fresh rosters",
                        "clients that are gone looked for",
                        "commits stopped at their fence",
                        "stale rosters",
                        "stale rosters of a full etcd",
                        "ghosts looked for",
                        "kicks heard",
                        "kicks done",
                        "kicks too late",
                        "watches on etcd resumed",
                        "audits",
                        "audits without an answer",
                        "settled");
    }

    private static void run(long seed, Map<String, Integer> counts) {
        try {
            Scenario scenario = new Scenario(seed, false);
            scenario.run();
            scenario.counts().forEach((what, count) -> counts.merge(what, count, Integer::sum));
        } catch (RuntimeException | AssertionError e) {
            fail(
                    "seed " + seed + ": " + e.getMessage()
                            + "\nrepeat with: ./mvnw -pl socketz-protocol,socketz-state test"
                            + " -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false -Dsocketz.seed=" + seed,
                    e);
        }
    }

    @SuppressWarnings("SystemOut") // shows what was covered
    private static void report(Map<String, Integer> counts) {
        System.out.println(SEEDS + " seeds: " + counts);
    }
}
