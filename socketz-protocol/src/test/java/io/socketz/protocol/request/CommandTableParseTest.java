package io.socketz.protocol.request;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.Allocation;
import io.socketz.protocol.Reference;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strings in these tests stand for bytes in ISO 8859-1. */
class CommandTableParseTest {
    private static final Request EMPTY = new Request.Empty();
    private static final Request INVALID = new Request.Invalid();

    /** The rows with a single word that may stand alone. */
    static List<CommandRow> verbs() {
        return BuiltInCommands.TABLE.rows().stream()
                .filter(row -> !row.words().contains(" ") && row.standsAlone())
                .toList();
    }

    @Test
    void eachVerbIsParsedAsItsCommand() {
        assertThat(parse("WHY")).isEqualTo(BuiltInCommands.WHY.command());
        assertThat(parse("WHO")).isEqualTo(BuiltInCommands.WHO.command());
        assertThat(parse("WHERE")).isEqualTo(BuiltInCommands.WHERE.command());
        assertThat(parse("QUIT")).isEqualTo(BuiltInCommands.QUIT.command());
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void theCaseOfAVerbIsIgnored(CommandRow verb) {
        byte[] name = verb.words().getBytes(ISO_8859_1);
        for (int lower = 0; lower < 1 << name.length; lower++) {
            byte[] line = name.clone();
            for (int i = 0; i < line.length; i++) {
                line[i] += (byte) ((lower >> i & 1) * ('a' - 'A'));
            }
            assertThat(parse(line)).isSameAs(verb.command());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WHO FRESH",
                "who fresh",
                "Who fREsh",
                "WHO\tFRESH",
                "WHO \t  FRESH",
                " who fresh ",
                "\tWHO FRESH\t\t"
            })
    void whoAcceptsTheWordFresh(String line) {
        assertThat(parse(line)).isEqualTo(BuiltInCommands.WHO_FRESH.command());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WHO x",
                "WHO FRESH x",
                "WHO FRESH FRESH",
                "WHO FRES",
                "WHO FRESHE",
                "WHO FRESHFRESH",
                "WHO F RESH",
                "WHO WHO",
                "WHOFRESH",
                "FRESH",
                "FRESH WHO",
                "WHO \0FRESH",
                "WHO FRESH\0",
                "WHO \0",
                "WHO \0\0\0\0\0\0\0\0",
                "WHO XXXXXXXXFRESH",
                "WHO FRESH\r",
                "WHO 'FRESH'",
                "WHO FR\u00c5SH",
                "WHO,FRESH",
                "WHY FRESH",
                "WHERE FRESH",
                "QUIT FRESH",
            })
    void freshIsInvalidAfterAnyOtherVerbAndBeforeAnyOtherWord(String line) {
        assertThat(parse(line)).isEqualTo(INVALID);
    }

    @Test
    void noOtherByteMatchesALetterOrTheBlankOfWhoFresh() {
        String line = "WHO FRESH";
        for (int i = 0; i < line.length(); i++) {
            for (int b = 0; b < 256; b++) {
                byte[] bytes = line.getBytes(ISO_8859_1);
                bytes[i] = (byte) b;
                boolean same = i == 3 ? b == ' ' || b == '\t' : b == line.charAt(i) || b == line.charAt(i) + 32;
                assertThat(parse(bytes).equals(BuiltInCommands.WHO_FRESH.command()))
                        .as("%d at %d", b, i)
                        .isEqualTo(same);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {" WHY", "WHY ", "\tWHY", "WHY\t", "  \t WHY \t  ", "            WHY", "why            "})
    void blanksAroundAVerbAreIgnored(String line) {
        assertThat(parse(line)).isEqualTo(BuiltInCommands.WHY.command());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", " \t \t ", "                "})
    void aLineWithOnlyBlanksIsEmpty(String line) {
        assertThat(parse(line)).isEqualTo(EMPTY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HELLO",
                "W",
                "WH",
                "WHYY",
                "WHYWHY",
                "WHER",
                "WHERES",
                "QUI",
                "WHOM",
                "W HY",
                "WHY?",
                "'WHY'",
                "\"WHY\"",
                "-",
                "GET / HTTP/1.1",
                "PROXY TCP4 192.0.2.1 192.0.2.11 56324 443",
            })
    void anythingElseIsInvalid(String line) {
        assertThat(parse(line)).isEqualTo(INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WHY now", "WHY WHY", "WHO 1", "WHERE\tx", "QUIT 0", " why  not  ", "WHO a b c", "WHY \0"})
    void wordsThatAVerbDoesNotAcceptAreInvalid(String line) {
        assertThat(parse(line)).isEqualTo(INVALID);
    }

    /** Verbs are compared as packed words: bytes that overflow one or vanish in one must not make a verb. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0WHY",
                "\0\0\0\0\0WHY",
                "WHY\0",
                "W\0HY",
                "\0",
                "\0\0\0\0\0\0\0\0",
                "XXXXXXXXWHY",
                "WHYXXXXXXXX",
                "\0\0\0\0\0\0\0\0WHY",
                "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0WHERE",
                "        \0WHY",
                "QUITQUIT",
                "WHEREWHERE",
            })
    void aWordThatResemblesAPackedVerbIsInvalid(String line) {
        assertThat(parse(line)).isEqualTo(INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"WHY\r", "\rWHY", "WH\rY", "\r", "\u0007", "\u001b[A", "WHY\b", "\u007f", "\u000bWHY", "WHY\f"})
    void controlCharactersAreInvalid(String line) {
        assertThat(parse(line)).isEqualTo(INVALID);
    }

    @Test
    void nonAsciiTextIsInvalid() {
        assertThat(parse("WH\u00d9")).isEqualTo(INVALID);
        assertThat(parse("WHY\u00a0")).as("no-break space").isEqualTo(INVALID);
        assertThat(parse("\u00ff\u00fe\u00c0\u0080")).as("not UTF-8").isEqualTo(INVALID);
        assertThat(parse("\uff37\uff28\uff39".getBytes(UTF_8))).as("full width").isEqualTo(INVALID);
        assertThat(parse("qu\u0131t".getBytes(UTF_8))).as("dotless i").isEqualTo(INVALID);
        assertThat(parse("W\u200bHY".getBytes(UTF_8))).as("zero width space").isEqualTo(INVALID);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void noOtherByteMatchesALetterOfAVerb(CommandRow verb) {
        byte[] name = verb.words().getBytes(ISO_8859_1);
        for (int i = 0; i < name.length; i++) {
            for (int b = 0; b < 256; b++) {
                byte[] line = name.clone();
                line[i] = (byte) b;
                assertThat(Reference.withoutText(parse(line)))
                        .as("%s with %d at %d", verb, b, i)
                        .isEqualTo(Reference.request(new String(line, ISO_8859_1)));
            }
        }
    }

    @Test
    void bytesOutsideTheRangeAreNotRead() {
        byte[] around = "WHEREWHYQUIT".getBytes(ISO_8859_1);
        assertThat(BuiltInCommands.TABLE.parse(around, 5, 8)).isEqualTo(BuiltInCommands.WHY.command());
        assertThat(BuiltInCommands.TABLE.parse(around, 5, 7)).isEqualTo(INVALID);
        byte[] fresher = "WHO FRESHER".getBytes(ISO_8859_1);
        assertThat(BuiltInCommands.TABLE.parse(fresher, 0, 9)).isEqualTo(BuiltInCommands.WHO_FRESH.command());
        assertThat(BuiltInCommands.TABLE.parse(fresher, 0, 8)).isEqualTo(INVALID);
        assertThat(BuiltInCommands.TABLE.parse(fresher, 0, 4)).isEqualTo(BuiltInCommands.WHO.command());
        assertThat(BuiltInCommands.TABLE.parse(around, 0, 5)).isEqualTo(BuiltInCommands.WHERE.command());
        assertThat(BuiltInCommands.TABLE.parse(around, 8, 12)).isEqualTo(BuiltInCommands.QUIT.command());
        assertThat(BuiltInCommands.TABLE.parse(around, 4, 4)).isEqualTo(EMPTY);
        assertThat(BuiltInCommands.TABLE.parse(around, 12, 12)).isEqualTo(EMPTY);
    }

    @Test
    void parsingALineNeitherChangesItNorAllocates() {
        byte[] line = " \twHeRe  ".getBytes(ISO_8859_1);
        byte[] before = line.clone();
        long allocated = Allocation.of(() -> {
            for (int i = 0; i < 10_000; i++) {
                if (!BuiltInCommands.TABLE.parse(line, 0, line.length).asksFor(BuiltInCommands.WHERE)) {
                    throw new AssertionError();
                }
            }
        });
        assertThat(allocated).isLessThan(500);
        assertThat(line).isEqualTo(before);
    }

    @Test
    void parsingAnArgumentDoesNotAllocate() {
        byte[] line = "who fresh".getBytes(ISO_8859_1);
        long allocated = Allocation.of(() -> {
            for (int i = 0; i < 10_000; i++) {
                if (!BuiltInCommands.TABLE.parse(line, 0, line.length).asksFor(BuiltInCommands.WHO_FRESH)) {
                    throw new AssertionError();
                }
            }
        });
        assertThat(allocated).isLessThan(500);
    }

    /** A letter whose low byte is a blank or a letter of a verb must not be taken for that byte. */
    @Test
    void aStringIsParsedAsUtf8() {
        assertThat(BuiltInCommands.TABLE.parse(" who\tfresh ")).isEqualTo(BuiltInCommands.WHO_FRESH.command());
        assertThat(BuiltInCommands.TABLE.parse(" \t")).isEqualTo(EMPTY);
        for (String line : new String[] {"WH\u0149", "WHY\u00a0", "WHY\u2028", "\u0157HY", "\u24e6\u24d7\u24de"}) {
            assertThat(BuiltInCommands.TABLE.parse(line)).as(line).isEqualTo(INVALID);
        }
    }

    private static Request parse(String line) {
        return parse(line.getBytes(ISO_8859_1));
    }

    /** Parses the line in a buffer, between other bytes. */
    private static Request parse(byte[] line) {
        byte[] buffer = new byte[line.length + 4];
        Arrays.fill(buffer, (byte) 'Y');
        System.arraycopy(line, 0, buffer, 2, line.length);
        return BuiltInCommands.TABLE.parse(buffer, 2, 2 + line.length);
    }
}
