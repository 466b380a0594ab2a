package io.socketz.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PresenceCounterTest {
    private final PresenceCounter counter = new PresenceCounter();

    @Test
    void leavesAreCountedByReason() {
        counter.onJoined();
        counter.onLeft("CLIENT_QUIT");
        counter.onLeft("CLIENT_QUIT");
        counter.onLeft("KICKED");
        assertThat(counter.read().joins()).isEqualTo(1);
        assertThat(counter.read().leaves()).isEqualTo(Map.of("CLIENT_QUIT", 2L, "KICKED", 1L));
    }

    @Test
    void reasonsBeyondTheLimitShareACount() {
        for (int i = 0; i < PresenceCounter.MAX_REASONS + 3; i++) {
            counter.onLeft("R" + i);
        }
        counter.onLeft("R0");
        Map<String, Long> leaves = counter.read().leaves();
        assertThat(leaves).hasSize(PresenceCounter.MAX_REASONS + 1);
        assertThat(leaves).containsEntry("R0", 2L).containsEntry(PresenceCounter.OTHER, 3L);
    }
}
