package io.socketz.state.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.state.Await;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.Test;

final class BoundedBodyTest {
    private final List<String> asked = new ArrayList<>();

    private BoundedBody open(int limit) {
        BoundedBody body = new BoundedBody(limit);
        body.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                asked.add("more");
            }

            @Override
            public void cancel() {
                asked.add("end");
            }
        });
        return body;
    }

    private static List<ByteBuffer> buffers(String... parts) {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (String part : parts) {
            buffers.add(ByteBuffer.wrap(part.getBytes(ISO_8859_1)));
        }
        return buffers;
    }

    @Test
    void aBodyIsAllThatCame() {
        BoundedBody body = open(6);
        body.onNext(buffers("ab", "c"));
        body.onNext(buffers("def"));
        body.onComplete();

        assertThat(Await.get(body.getBody().toCompletableFuture())).isEqualTo("abcdef".getBytes(ISO_8859_1));
        assertThat(asked).containsExactly("more");
    }

    @Test
    void aBodyOverTheLimitIsNotReadToItsEnd() {
        BoundedBody body = open(1 << 20);
        body.onNext(buffers("x".repeat(1 << 20), "y"));
        body.onComplete();

        assertThat(body.getBody().toCompletableFuture())
                .isCompletedExceptionally()
                .failsWithin(Duration.ofSeconds(1))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(NotEtcdException.class)
                .withMessage("an answer over 1 MiB");
        assertThat(asked).containsExactly("more", "end");
    }
}
