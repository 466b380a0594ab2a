package io.socketz.server.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.ServerListener;
import io.socketz.server.nio.Attachment;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.nio.IdleAttachment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopCheckTest {
    private static final int QUESTIONS = 10;

    private final List<EventLoop> loops = new ArrayList<>();

    @BeforeEach
    void beginLoops() throws Exception {
        for (String name : List.of("socketz-1", "socketz-2")) {
            EventLoop loop = new EventLoop(name, ServerListener.NONE);
            loops.add(loop);
            loop.start();
        }
    }

    @AfterEach
    void endLoops() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        for (EventLoop loop : loops) {
            loop.stop(deadline);
            loop.join(deadline);
        }
    }

    @Test
    void everyQuestionOfThoseWhoAskAgainAtOnceIsAnswered() throws Exception {
        LoopCheck check = new LoopCheck(loops);
        CountDownLatch answers = new CountDownLatch(3 * QUESTIONS);
        loops.get(0).execute(() -> {
            for (int i = 0; i < 3; i++) {
                ask(check, new IdleAttachment(), QUESTIONS, answers);
            }
        });
        assertThat(answers.await(10, TimeUnit.SECONDS))
                .as("answers that are missing: " + answers.getCount())
                .isTrue();
    }

    private static void ask(LoopCheck check, Attachment asker, int more, CountDownLatch answers) {
        if (more > 0) {
            check.ask(asker, () -> {
                answers.countDown();
                ask(check, asker, more - 1, answers);
            });
        }
    }
}
