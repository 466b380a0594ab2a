package io.socketz.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Replies as literal bytes, whole and split at every position. */
class ReplyCounterTest {
    private final ErrorLines errors = new ErrorLines();

    @ParameterizedTest
    @CsvSource({
        "1, -1, 3, '42\\n42\\n42\\n'",
        "1, -1, 2, 'use ''WHY'', ''WHO''\\n42\\n42\\n'",
        "2, -1, 1, 'use ''WHY'', ''WHO''\\nclient list: {}\\nconnected clients: 0\\n'",
        "1, -1, 1, 'INFO {\"server_id\":\"N\"}\\r\\nPONG\\r\\n'",
        "1, -1, 2, '+PONG\\r\\n+PONG\\r\\n'",
        "1, 2, 1, 'hello\\nworld\\n42\\n'",
        "1, 0, 2, 'use ''WHY''\\n42\\n'",
        "3, 0, 2, 'a\\n\\n\\nb\\n\\n\\n'",
        "1, 0, 0, 'no end'",
        "1, 0, 3, '\\n\\n\\n'",
    })
    void countsRepliesByTheirLinesWithoutTheGreeting(int lines, int greeting, int replies, String text) {
        assertCounts(lines, greeting, replies, 0, text);
    }

    @ParameterizedTest
    @CsvSource({
        "1, -1, 2, 1, 'use ''WHY''\\ninvalid command: use ''WHY''\\n42\\n'",
        "2, -1, 2, 1, 'invalid command: use ''WHY''\\nclient list: {}\\nconnected clients: 0\\n'",
        "1, -1, 1, 1, 'error TOO_MANY_CONNECTIONS max 2\\n'",
        "3, 0, 1, 1, '-ERR unknown command\\r\\n'",
        "1, 0, 3, 3, 'ERROR\\r\\nCLIENT_ERROR bad\\r\\nSERVER_ERROR out of memory\\r\\n'",
        "1, 0, 4, 0, '-1\\nerrors\\nEND\\nSTORED\\n'",
        "2, 0, 1, 0, 'client list: {}\\nerror is the second line\\n'",
        "1, 2, 2, 1, 'error TOO_MANY_CONNECTIONS max 2\\n42\\n'",
    })
    void countsAnErrorAsAReplyOfOneLine(int lines, int greeting, int replies, int errors, String text) {
        assertCounts(lines, greeting, replies, errors, text);
    }

    @ParameterizedTest
    @CsvSource({
        "1, -1, 2, 0, 'use ''WHY''\\nevent 0 message hello\\n42\\nevent 0 message 42\\r\\n42\\n'",
        "2, 0, 1, 0, 'event 7 join id=1\\nclient list: {}\\nevent 8 leave is the second line\\n'",
        "1, 0, 1, 1, 'event 9 now age=0.1\\nerror BAD_ARGUMENT expected\\n'",
        "1, 0, 3, 0, 'event\\neven\\nevent x join\\n'",
    })
    void countsNoEventBetweenReplies(int lines, int greeting, int replies, int errors, String text) {
        assertCounts(lines, greeting, replies, errors, text);
    }

    private void assertCounts(int lines, int greeting, int replies, int wrong, String text) {
        byte[] bytes = bytes(text.replace("\\r", "\r").replace("\\n", "\n"));
        for (int split = 0; split <= bytes.length; split++) {
            errors.begin();
            ReplyCounter counter = new ReplyCounter(lines, greeting, errors);
            int counted = counter.count(bytes, 0, split) + counter.count(bytes, split, bytes.length);
            assertThat(counted).as("split at " + split).isEqualTo(replies);
            assertThat(errors.count()).as("split at " + split).isEqualTo(wrong);
        }
    }

    @Test
    void keepsTheFirstErrorOnly() {
        ReplyCounter counter = new ReplyCounter(1, 0, errors);
        byte[] bytes = bytes("42\n-ERR one\u0007\r\n-ERR two\r\n");
        assertThat(counter.count(bytes, 0, bytes.length)).isEqualTo(3);
        assertThat(errors.first()).isEqualTo("-ERR one?");
    }

    @Test
    void keepsNoMoreOfALineThanIsShown() {
        ReplyCounter counter = new ReplyCounter(1, 0, errors);
        byte[] bytes = bytes("error " + "x".repeat(100_000) + "\n42\n");
        assertThat(counter.count(bytes, 0, bytes.length)).isEqualTo(2);
        assertThat(errors.first()).hasSize(ErrorLines.MAX_LENGTH);
    }

    @Test
    void findsTheSameLineEndsAsAByteByByteScan() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            int expected = 0;
            for (int i = 0; i < bytes.length; i++) {
                // A bit trick may get the neighbours of LF wrong.
                bytes[i] = random.nextInt(3) > 0 ? (byte) (9 + random.nextInt(3)) : bytes[i];
                expected += bytes[i] == '\n' ? 1 : 0;
            }
            assertThat(Newlines.count(bytes, 0, bytes.length))
                    .as("seed " + seed)
                    .isEqualTo(expected);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
