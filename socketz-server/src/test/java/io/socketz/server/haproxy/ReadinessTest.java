package io.socketz.server.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.ForwardingRegistry;
import io.socketz.server.event.ServerState;
import io.socketz.state.Member;
import io.socketz.state.StateThread;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final Member SELF = new Member(new UUID(0, 1), "server01", "127.0.0.1:5151", Instant.EPOCH);

    /** Just before nanoTime overflows. */
    private static final long START = Instant.EPOCH.getEpochSecond() + Long.MAX_VALUE;

    private final StateThread state = new StateThread("socketz-test");
    private final CompletableFuture<Void> known = new CompletableFuture<>();
    private final Readiness readiness = new Readiness(
            new ForwardingRegistry(SELF, state) {
                @Override
                public CompletableFuture<Void> known() {
                    return known;
                }
            },
            START);

    @AfterEach
    void stop() {
        state.close();
    }

    @Test
    void aServerWithoutAClusterIsReadyFromTheStart() {
        assertThat(new Readiness(new ForwardingRegistry(SELF, state), START).state(START))
                .isEqualTo(ServerState.READY);
    }

    @Test
    void aServerIsReadyOnceTheClusterIsKnown() {
        assertThat(readiness.state(START)).isEqualTo(ServerState.STARTING);
        known.complete(null);
        assertThat(readiness.state(START)).isEqualTo(ServerState.READY);
    }

    @Test
    void aServerIsReadyWithoutTheClusterOnceItsPatienceIsOver() {
        assertThat(readiness.state(START + Readiness.LONGEST_START_NANOS - 1)).isEqualTo(ServerState.STARTING);
        assertThat(readiness.state(START + Readiness.LONGEST_START_NANOS)).isEqualTo(ServerState.READY);
        assertThat(readiness.state(START + Readiness.LONGEST_START_NANOS + 1)).isEqualTo(ServerState.READY);
    }

    @Test
    void aServerThatEndsIsDrainedWhateverItKnows() {
        readiness.beginDrain();
        assertThat(readiness.state(START)).isEqualTo(ServerState.DRAINING);
        known.complete(null);
        assertThat(readiness.state(START)).isEqualTo(ServerState.DRAINING);
    }
}
