package io.socketz.it.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FaultTest {
    private static final Duration TOTAL = Duration.ofMinutes(5);
    private static final List<String> MEMBERS = List.of("etcd01", "etcd02", "server01", "server02", "haproxy01");

    private static List<Fault> plan(long seed) {
        return Fault.plan(new Random(seed), TOTAL, MEMBERS);
    }

    @Test
    void theSeedDeterminesThePlan() {
        assertThat(plan(1)).isEqualTo(plan(1)).isNotEqualTo(plan(2));
    }

    @Test
    void harmsAtMostTwoMembersAtOnceAndMendsAllByTheEnd() {
        for (long seed = 0; seed < 100; seed++) {
            List<Fault> plan = plan(seed);
            assertThat(plan).as("seed %d", seed).hasSizeGreaterThan(30);
            for (Fault fault : plan) {
                assertThat(fault.to())
                        .as("seed %d", seed)
                        .isGreaterThan(fault.from())
                        .isLessThanOrEqualTo(TOTAL);
                List<String> harmed = plan.stream()
                        .filter(other -> other.from().compareTo(fault.from()) <= 0
                                && other.to().compareTo(fault.from()) > 0)
                        .map(Fault::member)
                        .toList();
                assertThat(harmed)
                        .as("seed %d", seed)
                        .hasSizeLessThanOrEqualTo(2)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void plansEveryKindOfFaultForEveryMember() {
        long kinds = plan(1).stream()
                .map(fault -> fault.harm() + fault.member())
                .distinct()
                .count();
        assertThat(kinds).isEqualTo((long) Fault.Harm.values().length * MEMBERS.size());
    }
}
