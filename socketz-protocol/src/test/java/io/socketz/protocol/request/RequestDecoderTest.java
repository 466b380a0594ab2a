package io.socketz.protocol.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.Allocation;
import io.socketz.protocol.Splits;
import io.socketz.protocol.line.LineFramer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings in these tests stand for bytes in ISO 8859-1. */
class RequestDecoderTest {
    private static final Request WHY = BuiltInCommands.WHY.command();
    private static final Request WHO = BuiltInCommands.WHO.command();
    private static final Request WHERE = BuiltInCommands.WHERE.command();
    private static final Request QUIT = BuiltInCommands.QUIT.command();
    private static final Request EMPTY = new Request.Empty();
    private static final Request INVALID = new Request.Invalid();
    private static final Request TOO_LONG = new Request.TooLong();

    private static final int MAX = LineFramer.DEFAULT_MAX_LENGTH;

    @Test
    void everyLineIsARequestAndTheOrderIsKept() {
        assertThat(requests("WHY\nwho\r\nWhere\nQUIT\n")).containsExactly(WHY, WHO, WHERE, QUIT);
        assertThat(requests("WHO FRESH\nwho \tfresh \r\nWHO FRESH x\nWHO\n"))
                .containsExactly(
                        BuiltInCommands.WHO_FRESH.command(), BuiltInCommands.WHO_FRESH.command(), INVALID, WHO);
        assertThat(requests("\r\nWHAT\n WHY \nWHY WHY\n\n")).containsExactly(EMPTY, INVALID, WHY, INVALID, EMPTY);
    }

    @Test
    void anUnfinishedLineIsNotYetARequest() {
        assertThat(requests("WHY\nQUIT")).containsExactly(WHY);
        assertThat(requests("WHY\r")).isEmpty();
        assertThat(requests("")).isEmpty();
    }

    @Test
    void aLineOverTheLimitIsOneRequestAndTheNextLineIsRead() {
        assertThat(requests("WHY\n" + "x".repeat(MAX + 1))).containsExactly(WHY, TOO_LONG);
        assertThat(requests("x".repeat(3 * MAX) + "\nWHY\n")).containsExactly(TOO_LONG, WHY);
        assertThat(requests("x".repeat(MAX) + "\nWHY\n")).containsExactly(INVALID, WHY);
        assertThat(requests(" ".repeat(MAX - 3) + "WHY\r\nWHY\n")).containsExactly(WHY, WHY);
        assertThat(requests(" ".repeat(MAX - 2) + "WHY\r\nWHY\n")).containsExactly(TOO_LONG, WHY);
    }

    @Test
    void theGivenLimitApplies() {
        Recorder recorder = new Recorder(true);
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, 4, recorder);
        byte[] bytes = latin1("QUIT\r\nWHERE\n");
        decoder.decode(bytes, 0, bytes.length);
        assertThat(recorder.requests).containsExactly(QUIT, TOO_LONG);
        assertThatThrownBy(() -> new RequestDecoder(BuiltInCommands.TABLE, 0, recorder))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Only data bytes count towards the limit, not the telnet commands between them. */
    @Test
    void telnetCommandsAreNotPartOfALine() {
        assertThat(requests("W\u00ff\u00fd\u0001HY\u00ff\u00fa\u001f\n\n\u00ff\u00f0\r\u00ff\u00f1\n"))
                .containsExactly(WHY);
        assertThat(requests("\u00ff\u00f1".repeat(MAX) + " ".repeat(MAX - 3) + "WHY\n"))
                .containsExactly(WHY);
        assertThat(requests("\u00ff\u00ff".repeat(MAX) + "\nWHY\n")).containsExactly(INVALID, WHY);
        assertThat(requests("\u00ff\u00ff".repeat(MAX + 1) + "\nWHY\n")).containsExactly(TOO_LONG, WHY);
    }

    @Test
    void refusalsOfOptionsAreReportedToTheListener() {
        byte[] bytes = latin1("\u00ff\u00fd\u0001WHY\n\u00ff\u00fb\u0018\u00ff\u00fe\u0003WHO\n");
        Splits.of(bytes.length).forEach(ends -> {
            for (boolean takesMore : new boolean[] {true, false}) {
                Recorder recorder = decode(bytes, ends, takesMore);
                assertThat(recorder.requests).containsExactly(WHY, WHO);
                assertThat(recorder.refusals).containsExactly("fffc01", "fffe18");
            }
        });
    }

    @Test
    void aPauseHoldsBackTheBytesAfterTheRequest() {
        Recorder recorder = new Recorder(false);
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, MAX, recorder);
        byte[] bytes = latin1("WHO\nWHY\r\n\nWHE");
        assertThat(decoder.isPaused()).isFalse();

        decoder.decode(bytes, 0, bytes.length);
        Arrays.fill(bytes, (byte) '!'); // the caller may reuse its buffer
        assertThat(recorder.requests).containsExactly(WHO);
        assertThat(decoder.isPaused()).isTrue();

        decoder.resume();
        assertThat(recorder.requests).containsExactly(WHO, WHY);
        assertThat(decoder.isPaused()).isTrue();

        decoder.resume();
        assertThat(recorder.requests).containsExactly(WHO, WHY, EMPTY);
        assertThat(decoder.isPaused()).isTrue();

        decoder.resume();
        assertThat(recorder.requests).containsExactly(WHO, WHY, EMPTY);
        assertThat(decoder.isPaused()).isFalse();

        byte[] end = latin1("RE\n");
        decoder.decode(end, 0, end.length);
        assertThat(recorder.requests).containsExactly(WHO, WHY, EMPTY, WHERE);
        assertThat(decoder.isPaused()).isTrue();
    }

    @Test
    void heldBytesAreNotDecodedAgainAfterALaterPause() {
        Recorder recorder = new Recorder(false);
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, MAX, recorder);
        decoder.decode(latin1("WHO\nWHY\n"), 0, 8);
        decoder.resume();
        decoder.resume();
        decoder.decode(latin1("WHERE\n"), 0, 6);
        assertThat(decoder.isPaused()).isTrue();
        decoder.resume();
        assertThat(decoder.isPaused()).isFalse();
        assertThat(recorder.requests).containsExactly(WHO, WHY, WHERE);
    }

    @Test
    void theRestOfALineThatIsTooLongIsDroppedAfterAPauseInIt() {
        Recorder recorder = new Recorder(false);
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, 4, recorder);
        decoder.decode(latin1("WHERE"), 0, 5);
        assertThat(recorder.requests).containsExactly(TOO_LONG);
        assertThat(decoder.isPaused()).isTrue();
        decoder.resume();
        assertThat(decoder.isPaused()).isFalse();
        decoder.decode(latin1("WHY\nWHY\n"), 0, 8);
        assertThat(recorder.requests).containsExactly(TOO_LONG, WHY);
    }

    @Test
    void decodingDuringAPauseIsRefused() {
        Recorder recorder = new Recorder(false);
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, MAX, recorder);
        decoder.decode(latin1("WHO\nWHY\n"), 0, 8);
        assertThatThrownBy(() -> decoder.decode(latin1("QUIT\n"), 0, 5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("paused: resume first");
        assertThat(recorder.requests).containsExactly(WHO);
        decoder.resume();
        decoder.resume();
        assertThat(recorder.requests).containsExactly(WHO, WHY);
    }

    /** Not even telnet commands are refused before the pause has ended. */
    @Test
    void aPauseMayBeginBeforeTheFirstRequest() {
        byte[] bytes = latin1("\u00ff\u00fd\u0001WHO\nWHY\nWHE\u00ff\u00fb");
        for (int split = 0; split <= bytes.length; split++) {
            Recorder recorder = new Recorder(true);
            RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, MAX, recorder);
            byte[] buffer = bytes.clone();
            decoder.pauseBefore(buffer, 0, split);
            Arrays.fill(buffer, (byte) '!'); // the caller may reuse its buffer
            assertThat(decoder.isPaused()).isTrue();
            assertThat(decoder.held()).isEqualTo(split);
            assertThat(recorder.requests).isEmpty();
            assertThat(recorder.refusals).isEmpty();

            decoder.resume();
            assertThat(decoder.isPaused()).isFalse();
            decoder.decode(bytes.clone(), split, bytes.length);
            decoder.decode(latin1("\u0018RE\n"), 0, 4);
            assertThat(recorder.requests).containsExactly(WHO, WHY, WHERE);
            assertThat(recorder.refusals).containsExactly("fffc01", "fffe18");
        }
    }

    @Test
    void aPauseWithinAPauseIsRefused() {
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, MAX, new Recorder(false));
        decoder.decode(latin1("WHO\n"), 0, 4);
        assertThatThrownBy(() -> decoder.pauseBefore(latin1("WHY\n"), 0, 4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("paused already");
    }

    @Test
    void resumingWithoutAPauseDoesNothing() {
        Recorder recorder = new Recorder(true);
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, MAX, recorder);
        decoder.resume();
        decoder.decode(latin1("WH"), 0, 2);
        decoder.resume();
        decoder.decode(latin1("Y\n"), 0, 2);
        decoder.resume();
        assertThat(recorder.requests).containsExactly(WHY);
    }

    /** Held bytes have already been filtered: 255 in them is data and never begins a command. */
    @Test
    void bytesHeldDuringAPauseAreNotFilteredTwice() {
        byte[] bytes = latin1("WHO\n\u00ff\u00ff\u00f1WHY\n\u00ff\u00ff\u00fd\u0001\nWHY\n\u00ff\u00ff");
        Splits.of(bytes.length).forEach(ends -> {
            Recorder recorder = decode(bytes, ends, false);
            assertThat(recorder.requests).containsExactly(WHO, INVALID, INVALID, WHY);
            assertThat(recorder.refusals).isEmpty();
        });
    }

    /** A command that begins before a pause can end after it. */
    @Test
    void aTelnetCommandContinuesAfterAPause() {
        Recorder recorder = new Recorder(false);
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, MAX, recorder);
        decoder.decode(latin1("WHO\nW\u00ff\u00fd"), 0, 7);
        decoder.resume();
        assertThat(decoder.isPaused()).isFalse();
        decoder.decode(latin1("\u0001HY\n"), 0, 4);
        assertThat(recorder.requests).containsExactly(WHO, WHY);
        assertThat(recorder.refusals).containsExactly("fffc01");
    }

    @Test
    void aPauseAtTheLastByteHoldsNothing() {
        Recorder recorder = new Recorder(false);
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, MAX, recorder);
        byte[] line = latin1("WHO\r\n");
        long allocated = Allocation.of(() -> {
            for (int i = 0; i < 1_000; i++) {
                recorder.requests.clear();
                decoder.decode(line, 0, line.length);
                decoder.resume();
            }
        });
        assertThat(allocated).isLessThan(500);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16, 10_000})
    void decodingTenThousandWholeRequestsDoesNotAllocate(int linesInARead) {
        Counter counter = new Counter();
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, MAX, counter);
        byte[] buffer = latin1("WHY\r\n".repeat(linesInARead));
        int reads = 10_000 / linesInARead;
        long allocated = Allocation.of(() -> {
            counter.count = 0;
            for (int i = 0; i < reads; i++) {
                decoder.decode(buffer, 0, buffer.length);
            }
        });
        assertThat(counter.count).isEqualTo(10_000);
        assertThat(allocated).isLessThan(500);
    }

    @Test
    void bytesHeldThroughManyPausesAreCopiedOnce() {
        byte[] read = "WHO\n".repeat(16_384).getBytes(ISO_8859_1);
        Counter counter = new Counter();
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, LineFramer.DEFAULT_MAX_LENGTH, counter);
        long allocated = Allocation.of(() -> {
            counter.count = 0;
            decoder.decode(read, 0, read.length);
            while (decoder.isPaused()) {
                decoder.resume();
            }
        });
        assertThat(counter.count).isEqualTo(16_384);
        assertThat(allocated).isLessThan(2L * read.length);
    }

    /**
     * Decodes the bytes in one piece, split at every position and byte by byte, both without pauses and with a pause
     * after every request, and checks that all results are equal.
     */
    private static List<Request> requests(String text) {
        byte[] bytes = latin1(text);
        List<Request> whole = decode(bytes, Splits.whole(bytes.length), true).requests;
        Splits.of(bytes.length).forEach(ends -> {
            for (boolean takesMore : new boolean[] {true, false}) {
                assertThat(decode(bytes, ends, takesMore).requests)
                        .as("pieces end at %s, %s", Arrays.toString(ends), takesMore ? "no pauses" : "with pauses")
                        .isEqualTo(whole);
            }
        });
        return whole;
    }

    private static Recorder decode(byte[] bytes, int[] ends, boolean takesMore) {
        Recorder recorder = new Recorder(takesMore);
        RequestDecoder decoder = new RequestDecoder(BuiltInCommands.TABLE, MAX, recorder);
        Splits.feed(bytes, ends, (buffer, from, to) -> {
            int told = recorder.requests.size();
            decoder.decode(buffer, from, to);
            while (decoder.isPaused()) {
                assertThat(recorder.requests)
                        .as("one request before each pause")
                        .hasSize(++told);
                assertThat(told).as("no byte is decoded twice").isLessThanOrEqualTo(bytes.length);
                decoder.resume();
            }
        });
        return recorder;
    }

    private static byte[] latin1(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static final class Recorder implements RequestDecoder.Listener {
        final List<Request> requests = new ArrayList<>();
        final List<String> refusals = new ArrayList<>();
        final boolean takesMore;

        Recorder(boolean takesMore) {
            this.takesMore = takesMore;
        }

        @Override
        public boolean onRequest(Request request) {
            requests.add(request);
            return takesMore;
        }

        @Override
        public void onRefusal(byte[] sequence) {
            refusals.add(HexFormat.of().formatHex(sequence));
        }
    }

    private static final class Counter implements RequestDecoder.Listener {
        int count;

        @Override
        public boolean onRequest(Request request) {
            count++;
            return request.asksFor(BuiltInCommands.WHY);
        }

        @Override
        public void onRefusal(byte[] sequence) {
            throw new AssertionError();
        }
    }
}
