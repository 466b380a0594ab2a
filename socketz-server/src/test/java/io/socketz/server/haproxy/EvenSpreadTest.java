package io.socketz.server.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EvenSpreadTest {
    private static List<Long> moments(long from, long until, int count, long seed) {
        EvenSpread spread = new EvenSpread(from, until, count, new Random(seed));
        return Stream.generate(spread::next).limit(count).toList();
    }

    @Test
    void eachOfTheEqualPartsGetsOneRandomMoment() {
        long seed = Long.getLong("socketz.seed", System.nanoTime());
        long from = Long.MAX_VALUE - 500_000; // overflows within the range
        int count = 1_000;
        List<Long> moments = moments(from, from + 1_000_000, count, seed);
        for (int i = 0; i < count; i++) {
            assertThat(moments.get(i) - from).as("moment %d, seed %d", i, seed).isBetween(i * 1_000L, (i + 1) * 1_000L);
        }
        long places = moments.stream()
                .map(moment -> Math.floorMod(moment - from, 1_000L))
                .distinct()
                .count();
        assertThat(places).as("seed %d: the moments are not regular", seed).isGreaterThan(300);
    }

    @Test
    void theSameSeedGivesTheSameMoments() {
        assertThat(moments(0, 1_000_000, 10, 42)).isEqualTo(moments(0, 1_000_000, 10, 42));
        assertThat(moments(0, 1_000_000, 10, 42)).isNotEqualTo(moments(0, 1_000_000, 10, 43));
    }

    @Test
    void allMomentsAreEqualIfThereIsNoTime() {
        assertThat(moments(7, 7, 3, 1)).containsExactly(7L, 7L, 7L);
    }
}
