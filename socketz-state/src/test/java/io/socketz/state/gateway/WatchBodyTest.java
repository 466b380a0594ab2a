package io.socketz.state.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.state.gateway.AnswerReader.WatchMessage;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls it as the HTTP client does. */
final class WatchBodyTest {
    private static final String TWO = "{\"result\":{\"created\":true}}\n{\"result\":{\"compact_revision\":\"5\"}}\n\n";

    private final List<WatchMessage> messages = new ArrayList<>();

    /** For each batch of messages, what to run when it is processed. */
    private final List<Runnable> taken = new ArrayList<>();

    /** The bytes of each opening of the window. */
    private final List<Integer> opened = new ArrayList<>();

    private WatchBody stream = open(1000);

    private WatchBody open(int maxLine) {
        taken.clear();
        messages.clear();
        return new WatchBody(maxLine, (some, end) -> {
            messages.addAll(some);
            taken.add(end);
        });
    }

    private void read(String... parts) throws Exception {
        for (String part : parts) {
            assertThat(stream.read(ByteBuffer.wrap(part.getBytes(ISO_8859_1)))).isTrue();
        }
    }

    private void assertBoth() {
        assertThat(messages).hasSize(2);
        assertThat(messages.get(0).created()).isTrue();
        assertThat(messages.get(1).compactRevision()).isEqualTo(5);
    }

    @Test
    void messagesAreTheSameHoweverTheyAreSplit() throws Exception {
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
    void readingContinuesUntilAMessageIsComplete() throws Exception {
        read("{\"result\":");
        stream.onWindow(opened::add);

        read("{}");

        assertThat(opened).containsExactly(10, 2);
    }

    @Test
    void readingContinuesOnlyOnceMessagesAreProcessed() throws Exception {
        stream.onWindow(opened::add);
        read(TWO, TWO);
        assertThat(opened).isEmpty();

        taken.get(1).run();
        assertThat(opened).containsExactly(TWO.length());
    }

    @Test
    void messagesProcessedBeforeTheWindowIsUsedUpOpenItLater() throws Exception {
        read(TWO);
        taken.get(0).run();

        stream.onWindow(opened::add);
        assertThat(opened).containsExactly(TWO.length());
        stream.onWindow(opened::add);
        assertThat(opened).hasSize(1);
    }

    @Test
    void aLineMayReachTheLimitButNotExceedIt() throws Exception {
        String line = "{\"result\":{}}";
        stream = open(line.length());
        read(line + "\n" + line.substring(0, 5), line.substring(5) + "\n");
        assertThat(messages).hasSize(2);

        read(line, "\n", line);
        assertThat(messages).hasSize(3);
        assertThatThrownBy(() -> read(" "))
                .isInstanceOf(NotEtcdException.class)
                .hasMessage("a message over " + line.length() + " bytes");
    }

    @Test
    void aLineOfMegabytesIsOneMessage() throws Exception {
        String event = "{\"kv\":{\"key\":\"YQ==\",\"mod_revision\":\"8\"}},";
        stream = open(WatchBody.MAX_LINE_BYTES);
        read("{\"result\":{\"events\":[");
        for (int i = 0; i < 1000; i++) {
            read(event.repeat(100));
        }
        read(event.substring(0, event.length() - 1) + "]}}\n");

        assertThat(messages).hasSize(1);
        assertThat(messages.get(0).events()).hasSize(100_001);
    }

    @Test
    void theMemoryOfALongLineIsFreedAfterIt() throws Exception {
        stream = open(WatchBody.MAX_LINE_BYTES);
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
    void messagesBeforeGarbageCount() {
        assertThatThrownBy(() -> read(TWO + "{}\n" + TWO))
                .isInstanceOf(NotEtcdException.class)
                .hasMessage("not a message of etcd's: {}");

        assertBoth();
    }

    @Test
    void theEndOfTheBodyIsAFailure() throws Exception {
        read(TWO + "{\"result\":{\"canceled\":true}}");
        assertThatThrownBy(stream::end).isInstanceOf(EOFException.class).hasMessage("the watch has ended");
        assertThat(messages).hasSize(3); // the last one needs no line end

        stream = open(1000);
        read("{\"result\"");
        assertThatThrownBy(stream::end)
                .isInstanceOf(EOFException.class)
                .hasMessage("the watch has ended within a message");
    }
}
