package io.socketz.state.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.socketz.state.gateway.ReplyReader.WatchMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow.Subscription;
import org.junit.jupiter.api.Test;

/** Driven as the HTTP client drives it. */
final class WatchBodyTest {
    private static final String TWO = "{\"result\":{\"created\":true}}\n{\"result\":{\"compact_revision\":\"5\"}}\n\n";

    private final List<WatchMessage> messages = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private WatchBody stream = open(1000);

    private WatchBody open(int maxLine) {
        asked.clear();
        messages.clear();
        WatchBody opened = new WatchBody(maxLine, (some, from) -> messages.addAll(some));
        opened.onSubscribe(new Subscription() {
            @Override
            public void request(long n) {
                asked.add("more");
            }

            @Override
            public void cancel() {
                asked.add("end");
            }
        });
        return opened;
    }

    private void read(String... parts) {
        List<ByteBuffer> buffers = new ArrayList<>();
        for (String part : parts) {
            buffers.add(ByteBuffer.wrap(part.getBytes(ISO_8859_1)));
        }
        stream.onNext(buffers);
    }

    private NotEtcdException end() {
        CompletionException end = Objects.requireNonNull(catchThrowableOfType(
                CompletionException.class,
                () -> stream.getBody().toCompletableFuture().join()));
        assertThat(end).hasCauseInstanceOf(NotEtcdException.class);
        return (NotEtcdException) Objects.requireNonNull(end.getCause());
    }

    private void assertBoth() {
        assertThat(messages).hasSize(2);
        assertThat(messages.get(0).created()).isTrue();
        assertThat(messages.get(1).compactRevision()).isEqualTo(5);
    }

    @Test
    void messagesAreTheSameHoweverTheyAreSplit() {
        for (int i = 0; i <= TWO.length(); i++) {
            stream = open(1000);
            read(TWO.substring(0, i));
            read(TWO.substring(i));
            assertBoth();

            stream = open(1000);
            read(TWO.substring(0, i), TWO.substring(i));
            assertBoth();
        }
        stream = open(1000);
        for (int i = 0; i < TWO.length(); i++) {
            read(TWO.substring(i, i + 1));
        }
        assertBoth();
    }

    @Test
    void itReadsOnAsLongAsThereIsNoWholeMessage() {
        read("{\"result\":");

        assertThat(asked).containsExactly("more", "more");
    }

    @Test
    void itReadsOnOnlyWhenItsMessagesAreTaken() {
        read(TWO);
        assertThat(asked).containsExactly("more");

        stream.readOn();
        assertThat(asked).containsExactly("more", "more");
    }

    @Test
    void aLineMayBeAsLongAsTheLimitAndNoLonger() {
        String line = "{\"result\":{}}";
        stream = open(line.length());
        read(line + "\n" + line.substring(0, 5), line.substring(5) + "\n");
        assertThat(messages).hasSize(2);

        read(line, "\n", line, " ");
        assertThat(messages).hasSize(3);
        assertThat(asked).endsWith("end");
        assertThat(end()).hasMessage("a message over " + line.length() + " bytes");
    }

    @Test
    void aLineOfMegabytesIsOneMessage() {
        String event = "{\"kv\":{\"key\":\"YQ==\",\"mod_revision\":\"8\"}},";
        stream = open(WatchBody.MAX_LINE);
        read("{\"result\":{\"events\":[");
        for (int i = 0; i < 1000; i++) {
            read(event.repeat(100));
        }
        read(event.substring(0, event.length() - 1) + "]}}\n");

        assertThat(messages).hasSize(1);
        assertThat(messages.get(0).events()).hasSize(100_001);
    }

    @Test
    void theMemoryOfALongLineIsGivenBackAfterIt() {
        stream = open(WatchBody.MAX_LINE);
        int before = stream.held();
        read("{\"result\":{\"cancel_reason\":\"");
        read("x".repeat(1 << 20));
        assertThat(stream.held()).isGreaterThan(1 << 20);

        read("\"}}\n");

        assertThat(messages).hasSize(1);
        assertThat(stream.held()).isEqualTo(before);
        read(TWO);
        assertThat(messages).hasSize(3);
    }

    @Test
    void whatFollowsGarbageIsNotRead() {
        read("{}\n");
        read(TWO);

        assertThat(messages).isEmpty();
        assertThat(asked).containsExactly("more", "end");
        assertThat(end()).hasMessage("not a message of etcd's: {}");
    }
}
