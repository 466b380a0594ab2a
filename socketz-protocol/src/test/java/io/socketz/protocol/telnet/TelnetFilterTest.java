package io.socketz.protocol.telnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.Allocation;
import io.socketz.protocol.Reference;
import io.socketz.protocol.Splits;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Telnet commands as they go over the wire, in hexadecimal (RFC 854, page 14): IAC is FF, DONT FE, DO FD, WONT FC, WILL
 * FB, SB FA, SE F0. Options: 01 ECHO, 03 SUPPRESS-GO-AHEAD, 06 TIMING-MARK, 18 TERMINAL-TYPE, 1F NAWS, 22 LINEMODE.
 */
class TelnetFilterTest {
    private static final String WHY = "574859 0D0A";

    @Test
    void aWillIsRefusedWithDont() {
        assertThat(filter("FF FB 18")).isEqualTo(filtered("", "FF FE 18"));
        assertThat(filter("FF FB 01" + WHY)).isEqualTo(filtered(WHY, "FF FE 01"));
    }

    @Test
    void aDoIsRefusedWithWont() {
        assertThat(filter("FF FD 03")).isEqualTo(filtered("", "FF FC 03"));
        assertThat(filter(WHY + "FF FD 06" + WHY)).isEqualTo(filtered(WHY + WHY, "FF FC 06"));
    }

    /** RFC 1143: a request to disable an option that is already off must not be answered, or a loop may result. */
    @Test
    void wontAndDontAreNotAnswered() {
        assertThat(filter("FF FC 01 FF FE 03" + WHY)).isEqualTo(filtered(WHY));
    }

    @Test
    void everyOptionIsRefused() {
        for (int option = 0; option < 256; option++) {
            String hex = HexFormat.of().toHexDigits((byte) option);
            assertThat(filter("61 FFFB" + hex + "62 FFFD" + hex + "63"))
                    .isEqualTo(filtered("616263", "FFFE" + hex, "FFFC" + hex));
            assertThat(filter("61 FFFC" + hex + "62 FFFE" + hex + "63")).isEqualTo(filtered("616263"));
        }
    }

    /** The initial requests of a telnet client that negotiates actively. */
    @Test
    void refusalsKeepTheOrderOfTheirRequests() {
        assertThat(filter("FFFD03 FFFB18 FFFB1F FFFB20 FFFB21 FFFB22 FFFB27 FFFD05" + WHY))
                .isEqualTo(
                        filtered(WHY, "FFFC03", "FFFE18", "FFFE1F", "FFFE20", "FFFE21", "FFFE22", "FFFE27", "FFFC05"));
    }

    @Test
    void everyRefusalIsANewArray() {
        List<byte[]> refusals = new ArrayList<>();
        byte[] asked = hex("FFFD01 FFFD03");
        new TelnetFilter().filter(asked, 0, asked.length, refusals::add);
        assertThat(refusals).containsExactly(hex("FFFC01"), hex("FFFC03"));
    }

    @Test
    void aSubnegotiationIsDropped() {
        assertThat(filter("FFFA 18 00 787465726D FFF0" + WHY)).isEqualTo(filtered(WHY));
        assertThat(filter(WHY + "FFFA 1F 0050 0018 FFF0" + WHY)).isEqualTo(filtered(WHY + WHY));
        assertThat(filter("FFFA FFF0" + WHY)).isEqualTo(filtered(WHY));
    }

    @Test
    void onlyIacSeEndsASubnegotiation() {
        // Neither SE alone nor a doubled IAC before SE ends it; a line end inside it does not end a line.
        assertThat(filter("FFFA 1F F0 0A FFFF F0 0A FFF0 61")).isEqualTo(filtered("61"));
        assertThat(filter("FFFA 18 FFFB01 FFFA FFF1 0A FFF0 61")).isEqualTo(filtered("61"));
        assertThat(filter("FFFA 1F FFFF FFF0 61")).isEqualTo(filtered("61"));
    }

    @Test
    void anUnfinishedCommandYieldsNothing() {
        assertThat(filter("61 FF")).isEqualTo(filtered("61"));
        assertThat(filter("61 FFFD")).isEqualTo(filtered("61"));
        assertThat(filter("61 FFFA 1F 00 62 0A")).isEqualTo(filtered("61"));
        assertThat(filter("61 FFFA 1F 00 FF")).isEqualTo(filtered("61"));
    }

    @Test
    void aDoubledIacIsTheByte255() {
        assertThat(filter("FFFF")).isEqualTo(filtered("FF"));
        assertThat(filter("61 FFFF FFFF 62")).isEqualTo(filtered("61FFFF62"));
        assertThat(filter("FFFF FB 18")).isEqualTo(filtered("FFFB18"));
        assertThat(filter("FFFF FFFB 18")).isEqualTo(filtered("FF", "FFFE18"));
    }

    /** SE, NOP, DM, BRK, IP, AO, AYT, EC, EL and GA, and bytes that RFC 854 does not define. */
    @Test
    void aCommandWithoutAnOptionIsDropped() {
        for (int command = 0; command < 250; command++) {
            String hex = HexFormat.of().toHexDigits((byte) command);
            assertThat(filter("61 FF" + hex + "62" + hex)).isEqualTo(filtered("6162" + hex));
        }
    }

    /** Telnet sends IAC IP IAC DM for an interrupt, sometimes followed by DO TIMING-MARK. */
    @Test
    void anInterruptIsDropped() {
        assertThat(filter("5748 FFF4 FFF2 FFFD06 59 0D0A")).isEqualTo(filtered(WHY, "FFFC06"));
    }

    @Test
    void inputWithoutIacIsNotChanged() {
        byte[] every = new byte[255];
        for (int i = 0; i < every.length; i++) {
            every[i] = (byte) i;
        }
        byte[] buffer = every.clone();
        for (int from = 0; from <= 40; from++) {
            for (int to = from; to <= every.length; to++) {
                int end = new TelnetFilter().filter(buffer, from, to, TelnetFilterTest::mustNotRefuse);
                assertThat(end).isEqualTo(to);
            }
        }
        assertThat(buffer).isEqualTo(every);
        assertThat(filter("F0FAFBFCFDFE 0D00 0A")).isEqualTo(filtered("F0FAFBFCFDFE0D000A"));
    }

    /** At every position of IAC in a word of eight bytes, and with different bytes around it. */
    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x01, 0x61, 0x7F, 0x80, 0xFE})
    void iacIsFoundAtEveryOffset(int filling) {
        for (int from = 0; from < 8; from++) {
            for (int offset = 0; offset <= 40; offset++) {
                for (int behind = 1; behind <= 17; behind++) {
                    byte[] buffer = new byte[from + offset + behind + 8];
                    Arrays.fill(buffer, (byte) filling);
                    int to = from + offset + behind;
                    buffer[from + offset] = (byte) 255;
                    if (behind > 1) {
                        buffer[from + offset + 1] = (byte) 241; // NOP
                    }
                    byte[] expected = new byte[offset + Math.max(0, behind - 2)];
                    Arrays.fill(expected, (byte) filling);
                    int end = new TelnetFilter().filter(buffer, from, to, TelnetFilterTest::mustNotRefuse);
                    assertThat(end).isEqualTo(from + expected.length);
                    assertThat(Arrays.equals(buffer, from, end, expected, 0, expected.length))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void anIacOutsideTheRangeIsNotRead() {
        for (int length = 0; length <= 40; length++) {
            byte[] buffer = new byte[length + 16];
            Arrays.fill(buffer, (byte) 255);
            Arrays.fill(buffer, 8, 8 + length, (byte) 'a');
            TelnetFilter filter = new TelnetFilter();
            assertThat(filter.filter(buffer, 8, 8 + length, TelnetFilterTest::mustNotRefuse))
                    .isEqualTo(8 + length);
            // It has not begun a command either.
            assertThat(filter.filter(new byte[] {(byte) 241}, 0, 1, TelnetFilterTest::mustNotRefuse))
                    .isEqualTo(1);
        }
    }

    /** Every input of up to six bytes drawn from those that matter to a filter, and some inputs of seven. */
    @Test
    void everyShortInputYieldsItsDataAndRefusals() {
        byte[] alphabet = hex("61 F0 FA FB FC FD FF");
        for (int length = 0; length <= 6; length++) {
            int inputs = (int) Math.pow(alphabet.length, length);
            for (int number = 0; number < inputs; number++) {
                byte[] input = new byte[length];
                for (int i = 0, digits = number; i < length; i++, digits /= alphabet.length) {
                    input[i] = alphabet[digits % alphabet.length];
                }
                Reference.Telnet expected = Reference.telnet(input);
                Filtered whole = filter(input, Splits.whole(length));
                Filtered inBytes = filter(input, Splits.byteByByte(length));
                if (!whole.equals(inBytes)
                        || !whole.data.equals(HexFormat.of().formatHex(expected.data()))
                        || !whole.refusals.equals(expected.refusals())) {
                    throw new AssertionError(HexFormat.of().formatHex(input) + ": " + whole + ", " + inBytes + ", not "
                            + HexFormat.of().formatHex(expected.data()) + ", " + expected.refusals());
                }
            }
        }
    }

    @Test
    void filteringInputWithoutRefusalsDoesNotAllocate() {
        byte[] plain = new byte[4096];
        byte[] commands = hex("FFF1 61 FFF4 FFF2 62 FFFA 1F 0050 0018 FFF0 63 FFFF");
        byte[] buffer = new byte[commands.length];
        TelnetFilter filter = new TelnetFilter();
        long allocated = Allocation.of(() -> {
            for (int i = 0; i < 1_000; i++) {
                filter.filter(plain, 0, plain.length, TelnetFilterTest::mustNotRefuse);
                System.arraycopy(commands, 0, buffer, 0, commands.length);
                filter.filter(buffer, 0, buffer.length, TelnetFilterTest::mustNotRefuse);
            }
        });
        assertThat(allocated).isLessThan(500);
    }

    private static void mustNotRefuse(byte[] sequence) {
        throw new AssertionError(HexFormat.of().formatHex(sequence));
    }

    /** The result of filtering some input, in hexadecimal. */
    private record Filtered(String data, List<String> refusals) {}

    private static Filtered filtered(String data, String... refusals) {
        return new Filtered(
                normal(data),
                Arrays.stream(refusals).map(TelnetFilterTest::normal).toList());
    }

    /** Filters the bytes in one piece, split at every position and byte by byte; checks that all results are equal. */
    private static Filtered filter(String digits) {
        byte[] bytes = hex(digits);
        Filtered whole = filter(bytes, Splits.whole(bytes.length));
        Splits.of(bytes.length)
                .forEach(ends -> assertThat(filter(bytes, ends))
                        .as("%s in pieces that end at %s", digits, Arrays.toString(ends))
                        .isEqualTo(whole));
        return whole;
    }

    private static Filtered filter(byte[] bytes, int[] ends) {
        TelnetFilter filter = new TelnetFilter();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        List<String> refusals = new ArrayList<>();
        Splits.feed(bytes, ends, (buffer, from, to) -> {
            int end = filter.filter(
                    buffer, from, to, refusal -> refusals.add(HexFormat.of().formatHex(refusal)));
            data.write(buffer, from, end - from);
        });
        return new Filtered(HexFormat.of().formatHex(data.toByteArray()), refusals);
    }

    private static String normal(String digits) {
        return HexFormat.of().formatHex(hex(digits));
    }

    /** Parses hexadecimal digits, with optional blanks between them. */
    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
