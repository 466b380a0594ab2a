package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Member;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final Member SELF = new Member(new UUID(0, 1), "server01", "127.0.0.1:5151", Instant.EPOCH);
    private static final Roster UNKNOWN = Roster.replica(0, 0, List.of(), 0);

    /** Near the point where the clock's reading changes its sign. */
    private static final long START = Instant.EPOCH.getEpochSecond() + Long.MAX_VALUE;

    private final StateThread state = new StateThread("socketz-test");
    private CompletableFuture<Roster> roster = CompletableFuture.completedFuture(UNKNOWN);
    private final Readiness readiness = new Readiness(
            new ForwardingRegistry(SELF, state) {
                @Override
                public CompletableFuture<Roster> roster() {
                    return roster;
                }
            },
            START);

    @AfterEach
    void stop() {
        state.close();
    }

    @Test
    void isReadyFromTheStartWhereNothingHasToBeLearnt() {
        assertThat(new Readiness(new ForwardingRegistry(SELF, state), START).isReady(START))
                .isTrue();
    }

    @Test
    void isReadyOnceTheClusterIsKnownAndEverAfter() {
        assertThat(readiness.isReady(START)).isFalse();
        roster = CompletableFuture.completedFuture(Roster.replica(1, 7, List.of(), 0));
        assertThat(readiness.isReady(START)).isTrue();
        roster = new CompletableFuture<>();
        assertThat(readiness.isReady(START)).isTrue();
    }

    @Test
    void isNotReadyWhileTheRosterIsBeingMadeOrCanNotBe() {
        roster = new CompletableFuture<>();
        assertThat(readiness.isReady(START)).isFalse();
        roster = CompletableFuture.failedFuture(new IllegalStateException("closed"));
        assertThat(readiness.isReady(START)).isFalse();
    }

    @Test
    void isReadyWithoutTheClusterWhenThatHasTakenTooLong() {
        assertThat(readiness.isReady(START + Readiness.PATIENCE - 1)).isFalse();
        assertThat(readiness.isReady(START + Readiness.PATIENCE)).isTrue();
        assertThat(readiness.isReady(START + Readiness.PATIENCE + 1)).isTrue();
    }
}
