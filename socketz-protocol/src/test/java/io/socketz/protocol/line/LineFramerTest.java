package io.socketz.protocol.line;

import static io.socketz.protocol.Reference.TOO_LONG;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.Allocation;
import io.socketz.protocol.Reference;
import io.socketz.protocol.Splits;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings in these tests stand for bytes in ISO 8859-1. */
class LineFramerTest {
    private static final int MAX = LineFramer.DEFAULT_MAX_LENGTH;

    /** A line of the maximum length. */
    private static final String LONGEST = "x".repeat(MAX);

    @Test
    void lfAndCrlfEndALineAndAreNotPartOfIt() {
        assertThat(lines("WHY\n")).containsExactly("WHY");
        assertThat(lines("WHY\r\n")).containsExactly("WHY");
        assertThat(lines("WHY\r\nWHO\nWHERE\r\nQUIT\n")).containsExactly("WHY", "WHO", "WHERE", "QUIT");
    }

    @Test
    void anEmptyLineIsALine() {
        assertThat(lines("\n")).containsExactly("");
        assertThat(lines("\r\n")).containsExactly("");
        assertThat(lines("\n\r\n\n\r\n")).containsExactly("", "", "", "");
        assertThat(lines("a\n\n\r\nb\n")).containsExactly("a", "", "", "b");
    }

    @Test
    void aCrWithoutALfIsPartOfTheLine() {
        assertThat(lines("a\rb\n")).containsExactly("a\rb");
        assertThat(lines("\ra\n")).containsExactly("\ra");
        assertThat(lines("a\r\r\n")).containsExactly("a\r");
        assertThat(lines("\r\r\n")).containsExactly("\r");
        assertThat(lines("a\r\0\n")).containsExactly("a\r\0");
        assertThat(lines("a\n\rb\r\n")).containsExactly("a", "\rb");
    }

    @Test
    void aCrAloneDoesNotEndALine() {
        assertThat(lines("WHY\r")).isEmpty();
        assertThat(lines("WHY\rWHO\r")).isEmpty();
    }

    @Test
    void everyOtherByteEvenNulIsPartOfTheLine() {
        assertThat(lines("\0\n")).containsExactly("\0");
        assertThat(lines("W\0HY\0\r\n")).containsExactly("W\0HY\0");
        byte[] every = new byte[256];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        String all = new String(every, ISO_8859_1);
        assertThat(lines(all + "\n")).containsExactly(all.substring(0, '\n'), all.substring('\n' + 1));
    }

    @Test
    void anUnfinishedLineIsNotReported() {
        assertThat(lines("WHY")).isEmpty();
        assertThat(lines("WHY\nWH")).containsExactly("WHY");
        assertThat(lines("")).isEmpty();
    }

    @Test
    void aLineOfExactlyTheLimitIsNotTooLong() {
        assertThat(lines(LONGEST + "\n")).containsExactly(LONGEST);
        assertThat(lines(LONGEST + "\r\n")).containsExactly(LONGEST);
        assertThat(lines("a\n" + LONGEST + "\r\nb\n")).containsExactly("a", LONGEST, "b");
    }

    @Test
    void aCrThatIsNotPartOfTheLineEndCountsTowardsTheLimit() {
        String butOne = "x".repeat(MAX - 1);
        assertThat(lines(butOne + "\r\r\nb\n")).containsExactly(butOne + "\r", "b");
        assertThat(lines(LONGEST + "\r\r\nb\n")).containsExactly(TOO_LONG, "b");
        assertThat(lines(LONGEST + "\ry\nb\n")).containsExactly(TOO_LONG, "b");
        assertThat(lines(butOne + "\ry\nb\n")).containsExactly(TOO_LONG, "b");
    }

    @Test
    void aLineOneByteOverTheLimitIsTooLong() {
        assertThat(lines(LONGEST + "x\nb\n")).containsExactly(TOO_LONG, "b");
        assertThat(lines(LONGEST + "x\r\nb\n")).containsExactly(TOO_LONG, "b");
        assertThat(lines("a\n" + LONGEST + "x\n")).containsExactly("a", TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\rx", "\r\r", "\r\0"})
    void aLineIsReportedAsTooLongAtTheFirstByteThatMakesItSo(String onlyTooLongAtItsLastByte) {
        byte[] bytes = latin1(LONGEST + onlyTooLongAtItsLastByte);
        byte[] butOne = Arrays.copyOf(bytes, bytes.length - 1);
        Splits.of(butOne.length).forEach(ends -> {
            LineFramer framer = new LineFramer(MAX);
            Lines lines = new Lines(true);
            Splits.feed(butOne, ends, (buffer, from, to) -> framer.frame(buffer, from, to, lines));
            assertThat(lines.told).isEmpty();
            framer.frame(bytes, butOne.length, bytes.length, lines);
            assertThat(lines.told).containsExactly(TOO_LONG);
        });
        assertThat(lines(new String(bytes, ISO_8859_1))).containsExactly(TOO_LONG);
    }

    @Test
    void aLineThatIsTooLongIsReportedOnceAndItsRestIsDropped() {
        String rest = "y".repeat(3 * MAX) + "\r" + "z".repeat(MAX);
        assertThat(lines(LONGEST + "x" + rest)).containsExactly(TOO_LONG);
        assertThat(lines(LONGEST + "x" + rest + "\nWHY\n\n")).containsExactly(TOO_LONG, "WHY", "");
        assertThat(lines(LONGEST + "x" + rest + "\r\nWHY")).containsExactly(TOO_LONG);
    }

    @Test
    void twoLinesInARowCanBeTooLong() {
        String tooLong = "y".repeat(2 * MAX) + "\n";
        assertThat(lines(tooLong + tooLong + "WHY\n" + tooLong)).containsExactly(TOO_LONG, TOO_LONG, "WHY", TOO_LONG);
    }

    /** Every input of up to eight bytes drawn from those that matter to a framer, split in two at every position. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void everyShortInputYieldsTheLinesInIt(int maxLength) {
        for (int length = 0; length <= 8; length++) {
            int inputs = (int) Math.pow(3, length);
            for (int number = 0; number < inputs; number++) {
                byte[] bytes = new byte[length];
                for (int i = 0, digits = number; i < length; i++, digits /= 3) {
                    bytes[i] = (byte) "a\r\n".charAt(digits % 3);
                }
                assertThat(lines(maxLength, bytes)).isEqualTo(Reference.lines(bytes, maxLength));
            }
        }
    }

    @Test
    void theBytesAfterALineAreHandedBackWhenTheSinkStops() {
        LineFramer framer = new LineFramer(4);
        Lines lines = new Lines(false);
        byte[] bytes = latin1("WHY\r\n\nWHERE\nQUIT\nWH");
        assertThat(framer.frame(bytes, 0, bytes.length, lines)).isEqualTo(5);
        assertThat(framer.frame(bytes, 5, bytes.length, lines)).isEqualTo(6);
        assertThat(framer.frame(bytes, 6, bytes.length, lines)).isEqualTo(12);
        assertThat(lines.told).containsExactly("WHY", "", TOO_LONG);
        assertThat(framer.isAtLineStart()).isTrue();
        assertThat(framer.frame(bytes, 12, bytes.length, lines)).isEqualTo(17);
        assertThat(framer.frame(bytes, 17, bytes.length, lines)).isEqualTo(19);
        assertThat(lines.told).containsExactly("WHY", "", TOO_LONG, "QUIT");
        assertThat(framer.isAtLineStart()).isFalse();
    }

    @Test
    void aLineFromAnEarlierPieceEndsAtItsLf() {
        LineFramer framer = new LineFramer(4);
        Lines lines = new Lines(false);
        framer.frame(latin1("WH"), 0, 2, lines);
        assertThat(framer.frame(latin1("--Y\nWHO\n"), 2, 8, lines)).isEqualTo(4);
        assertThat(lines.told).containsExactly("WHY");
    }

    @Test
    void aSinkThatStopsAtALineThatIsTooLongHearsOfItOnlyOnce() {
        LineFramer framer = new LineFramer(4);
        Lines lines = new Lines(false);
        assertThat(framer.frame(latin1("WHERE"), 0, 5, lines)).isEqualTo(5);
        assertThat(lines.told).containsExactly(TOO_LONG);
        assertThat(framer.isAtLineStart()).isFalse();
        assertThat(framer.frame(latin1("VER\nWHY\n"), 0, 8, lines)).isEqualTo(8);
        assertThat(lines.told).containsExactly(TOO_LONG, "WHY");
    }

    @Test
    void theFramerIsAtLineStartOnlyBetweenLines() {
        LineFramer framer = new LineFramer(4);
        Lines lines = new Lines(true);
        assertThat(framer.isAtLineStart()).isTrue();
        framer.frame(latin1("\r"), 0, 1, lines);
        assertThat(framer.isAtLineStart()).isFalse();
        framer.frame(latin1("\n"), 0, 1, lines);
        assertThat(framer.isAtLineStart()).isTrue();
        framer.frame(latin1("a\nb"), 0, 3, lines);
        assertThat(framer.isAtLineStart()).isFalse();
        framer.frame(latin1("\nWHERE"), 0, 6, lines);
        assertThat(framer.isAtLineStart()).isFalse();
        framer.frame(latin1("VER\n"), 0, 4, lines);
        assertThat(framer.isAtLineStart()).isTrue();
        assertThat(lines.told).containsExactly("", "a", "b", TOO_LONG);
    }

    @Test
    void aLineInOnePieceIsPassedOnWithoutACopy() {
        byte[] bytes = latin1("WHY\r\nWHO\n");
        List<Integer> places = new ArrayList<>();
        new LineFramer(MAX).frame(bytes, 0, bytes.length, new LineFramer.Sink() {
            @Override
            public boolean onLine(byte[] buffer, int from, int to) {
                assertThat(buffer).isSameAs(bytes);
                places.add(from);
                places.add(to);
                return true;
            }

            @Override
            public boolean onLineTooLong() {
                throw new AssertionError();
            }
        });
        assertThat(places).containsExactly(0, 3, 5, 8);
    }

    @Test
    void anEndlessLineOf100MegabytesTakesNoMemory() {
        LineFramer framer = new LineFramer(MAX);
        Lines lines = new Lines(true);
        byte[] piece = latin1("x".repeat(1_000_000));
        long allocated = Allocation.ofOne(() -> {
            framer.frame(piece, 0, MAX, lines);
            for (int i = 0; i < 100; i++) {
                framer.frame(piece, 0, piece.length, lines);
            }
        });
        assertThat(allocated).isLessThan(20 * MAX);
        assertThat(lines.told).containsExactly(TOO_LONG);
        framer.frame(latin1("x\nWHY\n"), 0, 6, lines);
        assertThat(lines.told).containsExactly(TOO_LONG, "WHY");
    }

    @Test
    void aLineInSingleBytesAllocatesLittleMoreThanItsLimit() {
        byte[] bytes = latin1(LONGEST + "\r\n");
        Lines lines = new Lines(true);
        long allocated = Allocation.of(() -> {
            LineFramer framer = new LineFramer(MAX);
            for (int i = 0; i < bytes.length - 1; i++) {
                framer.frame(bytes, i, i + 1, lines);
            }
        });
        // The buffer grows from 32 by doubling to 1024, then to 1025: 3,041 bytes and the overhead of the arrays.
        assertThat(allocated).isLessThan(3_500);
    }

    @Test
    void aFinishedLineIsReleased() {
        LineFramer framer = new LineFramer(MAX);
        Kept kept = new Kept();
        framer.frame(latin1("WH"), 0, 2, kept);
        framer.frame(latin1("Y\nWHO\n"), 0, 6, kept);
        WeakReference<byte[]> partial = kept.buffers.get(0);
        for (int i = 0; i < 10 && partial.get() != null; i++) {
            System.gc();
        }
        assertThat(partial.get()).isNull();
        assertThat(framer.isAtLineStart()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, MAX, 1_073_741_823})
    void aLimitFromOneByteToHalfOfTheLongestArrayIsAccepted(int maxLength) {
        LineFramer framer = new LineFramer(maxLength);
        Lines lines = new Lines(true);
        framer.frame(latin1("W"), 0, 1, lines);
        framer.frame(latin1("\n\n"), 0, 2, lines);
        assertThat(lines.told).containsExactly("W", "");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, 1_073_741_824, Integer.MAX_VALUE})
    void anyOtherLimitIsRefused(int maxLength) {
        assertThatThrownBy(() -> new LineFramer(maxLength))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("line length " + maxLength + " is not from 1 to 1073741823");
    }

    private static List<String> lines(String text) {
        return lines(MAX, latin1(text));
    }

    /**
     * Frames the bytes in one piece, split at every position and byte by byte, once with a sink that accepts every line
     * and once with a sink that stops after each line, and checks that all results are equal.
     */
    private static List<String> lines(int maxLength, byte[] bytes) {
        List<String> whole = lines(maxLength, bytes, Splits.whole(bytes.length), true);
        Splits.of(bytes.length).forEach(ends -> {
            for (boolean takesMore : new boolean[] {true, false}) {
                List<String> lines = lines(maxLength, bytes, ends, takesMore);
                if (!lines.equals(whole)) {
                    assertThat(lines)
                            .as("%s in pieces that end at %s", HexFormat.of().formatHex(bytes), Arrays.toString(ends))
                            .isEqualTo(whole);
                }
            }
        });
        return whole;
    }

    private static List<String> lines(int maxLength, byte[] bytes, int[] ends, boolean takesMore) {
        LineFramer framer = new LineFramer(maxLength);
        Lines lines = new Lines(takesMore);
        Splits.feed(bytes, ends, (buffer, from, to) -> {
            int at = from;
            int told = lines.told.size();
            int taken = framer.frame(buffer, at, to, lines);
            while (taken != to) {
                if (takesMore || taken <= at || taken > to || lines.told.size() != told + 1) {
                    throw new AssertionError("took " + (taken - at) + " of " + (to - at) + ", told " + lines.told);
                }
                at = taken;
                told = lines.told.size();
                taken = framer.frame(buffer, at, to, lines);
            }
        });
        return lines.told;
    }

    private static byte[] latin1(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** Records the lines. */
    private static final class Lines implements LineFramer.Sink {
        final List<String> told = new ArrayList<>();
        final boolean takesMore;

        Lines(boolean takesMore) {
            this.takesMore = takesMore;
        }

        @Override
        public boolean onLine(byte[] buffer, int from, int to) {
            told.add(new String(buffer, from, to - from, ISO_8859_1));
            return takesMore;
        }

        @Override
        public boolean onLineTooLong() {
            told.add(TOO_LONG);
            return takesMore;
        }
    }

    /** Records, by weak references only, the buffers that held lines. */
    private static final class Kept implements LineFramer.Sink {
        final List<WeakReference<byte[]>> buffers = new ArrayList<>();

        @Override
        public boolean onLine(byte[] buffer, int from, int to) {
            buffers.add(new WeakReference<>(buffer));
            return true;
        }

        @Override
        public boolean onLineTooLong() {
            throw new AssertionError();
        }
    }
}
