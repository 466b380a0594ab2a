package io.socketz.server.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LateMovesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long START = Long.MAX_VALUE - 5 * SECOND;

    private final LateMoves moves = new LateMoves(START);

    @Test
    void everybodyMayGoIfNobodyWasMoved() {
        moves.onLook(START + SECOND, 0);
        assertThat(moves.mayGoBefore(START + 9 * SECOND)).isEqualTo(START + 9 * SECOND);
    }

    @Test
    void whoeverJoinedAfterTheFirstOfThoseThatWereLetGoStays() {
        moves.onLook(START + 10 * SECOND, 0);
        moves.onLook(START + 11 * SECOND, 3);
        moves.onLook(START + 12 * SECOND, 9);
        assertThat(moves.mayGoBefore(START + 20 * SECOND))
                .as("before the look at which nobody had gone, less what is on its way")
                .isEqualTo(START + 8 * SECOND);
    }

    @Test
    void tenMinutesAfterTheLastEverybodyMayGoAgain() {
        moves.onLook(START + SECOND, 3);
        long last = START + 60 * SECOND;
        moves.onLook(last, 4);
        long end = last + LateMoves.REST_NANOS;
        moves.onLook(end - 1, 4);
        assertThat(moves.mayGoBefore(end - 1)).isEqualTo(START - 2 * SECOND);
        moves.onLook(end, 4);
        assertThat(moves.mayGoBefore(end)).isEqualTo(end);
    }
}
