package io.socketz.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Member;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ServerStatesTest {
    private static final Member OTHER =
            new Member(new UUID(0, 1), "server02", "192.0.2.1:5151", Instant.EPOCH, Optional.of("192.0.2.1:9151"));

    @Test
    void aServerThatDoesNotAnswerInTimeIsUnknown() throws Exception {
        CompletableFuture<ServerStatus> answer = new CompletableFuture<>();
        ServerStatus status = new ServerStates.Asked(OTHER, 3, answer).await(System.nanoTime());
        assertThat(status)
                .isEqualTo(
                        new ServerStatus(OTHER, 3, Optional.empty(), "its admin port does not answer: 192.0.2.1:9151"));
        assertThat(answer).as("a question that nobody waits for").isCancelled();
    }

    @Test
    void anAnswerThatHasComeCountsHoweverLateItIs() throws Exception {
        ServerStatus answered = new ServerStatus(OTHER, 3, Optional.empty(), "it has no admin port");
        assertThat(new ServerStates.Asked(OTHER, 3, CompletableFuture.completedFuture(answered))
                        .await(System.nanoTime() - 1))
                .isSameAs(answered);
    }
}
