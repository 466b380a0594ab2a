package io.socketz.state.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
    private static final long MILLISECOND = 1_000_000;

    @ParameterizedTest
    @ValueSource(longs = {0, -77 * MILLISECOND, 123_456_789})
    void beforeAnyFailureThereIsNoWait(long now) {
        Backoff backoff = new Backoff(new Random(1));
        assertThat(backoff.isOver(now)).isTrue();
        assertThat(backoff.until()).isLessThanOrEqualTo(now);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void waitsLongerEachTimeUpToHalfASecondMinusARandomPart(long seed) {
        Backoff backoff = new Backoff(new Random(seed));
        long now = -MILLISECOND;
        for (long longest : new long[] {100, 200, 400, 500, 500, 500}) {
            backoff.onFailure(now, Kind.UNAVAILABLE);
            long wait = backoff.until() - now;
            assertThat(wait).as("seed %d", seed).isBetween(longest * MILLISECOND / 2, longest * MILLISECOND);
            assertThat(backoff.isOver(now)).isFalse();
            assertThat(backoff.isOver(backoff.until() - 1)).isFalse();
            assertThat(backoff.isOver(backoff.until())).isTrue();
            now += 3_600_000 * MILLISECOND;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"REFUSED", "BAD_CREDENTIALS"})
    void waitsUpToFourSecondsIfEtcdRefuses(Kind refusal) {
        Backoff backoff = new Backoff(new Random(1));
        for (long longest : new long[] {100, 200, 400, 800, 1_600, 3_200, 4_000, 4_000}) {
            backoff.onFailure(0, refusal);
            assertThat(backoff.until()).isBetween(longest * MILLISECOND / 2, longest * MILLISECOND);
        }
        backoff.onFailure(0, Kind.UNAVAILABLE);
        assertThat(backoff.until()).as("another kind of failure").isLessThanOrEqualTo(500 * MILLISECOND);
    }

    @Test
    void aSuccessResetsTheBackoff() {
        Backoff backoff = new Backoff(new Random(1));
        for (int i = 0; i < 10; i++) {
            backoff.onFailure(0, Kind.UNAVAILABLE);
        }
        backoff.onSuccess();
        assertThat(backoff.isOver(0)).isTrue();
        backoff.onFailure(0, Kind.UNAVAILABLE);
        assertThat(backoff.until()).isLessThanOrEqualTo(100 * MILLISECOND);
    }

    @Test
    void manyThatFailTogetherDoNotRetryTogether() {
        long[] waits = new Random(1)
                .longs(100)
                .map(seed -> {
                    Backoff backoff = new Backoff(new Random(seed));
                    backoff.onFailure(0, Kind.UNAVAILABLE);
                    return backoff.until();
                })
                .distinct()
                .toArray();
        assertThat(waits).hasSizeGreaterThan(90);
    }
}
