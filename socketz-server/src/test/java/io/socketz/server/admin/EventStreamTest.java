package io.socketz.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    /** A batch of one event takes some 60 bytes as text: more than 4 MiB of them. */
    private static final int TOO_MANY = 100_000;

    private final EventStream stream = new EventStream();

    private void happens(String events) {
        stream.onBytes(events.getBytes(StandardCharsets.US_ASCII));
    }

    /** What the reader gets next; empty if the stream ends. */
    private String next() throws InterruptedException {
        byte[] next = stream.next(System.nanoTime());
        return next == null ? "" : new String(next, StandardCharsets.US_ASCII);
    }

    @Test
    void theLastEventOfABatchHasAnId() throws Exception {
        happens("event 7 now age=0.0\nevent 7 resync\n");
        assertThat(next())
                .matches("data: \\{.*\"now\".*}\n\nid: 7\ndata: \\{.*\"resync\".*}\n\n")
                .containsOnlyOnce("id: ");
        assertThat(next()).isEmpty();
    }

    @Test
    void aReaderThatTakesEverythingGetsABatchOfAnySize() throws Exception {
        happens("event 7 now age=0.0\n".repeat(TOO_MANY));
        assertThat(next()).contains("id: 7\n");
        happens("event 8 now age=0.0\n");
        assertThat(next()).startsWith("id: 8\n");
    }

    @Test
    void nothingFollowsWhatAReaderThatHasFallenBehindHasMissed() throws Exception {
        happens("event 7 now age=0.0\n");
        happens("event 8 now age=0.0\n".repeat(TOO_MANY));
        happens("event 9 now age=0.0\n");
        assertThat(next()).startsWith("id: 7\n");
        happens("event 10 now age=0.0\n");
        assertThat(next()).isEmpty();
    }
}
