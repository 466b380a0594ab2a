package io.socketz.client.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhoTableTest {
    private static final List<String> SEVEN =
            IntStream.rangeClosed(1, 7).mapToObj(i -> "10.0.0.1:1000" + i).toList();

    private static List<String> lines(List<String> clients, int width, int mostRows, String own) {
        return new WhoTable(clients, width, mostRows, own).lines(UnaryOperator.identity(), "more elsewhere");
    }

    private static Stream<String> words(String line) {
        return Arrays.stream(line.replace(" (you)", "").strip().split("\\s+", -1));
    }

    @Test
    void fillsAsManyColumnsAsFitFromTopToBottom() {
        assertThat(lines(SEVEN, 60, 100, ""))
                .containsExactly(
                        "1 10.0.0.1:10001  4 10.0.0.1:10004  7 10.0.0.1:10007",
                        "2 10.0.0.1:10002  5 10.0.0.1:10005",
                        "3 10.0.0.1:10003  6 10.0.0.1:10006");
        assertThat(lines(SEVEN, 20, 100, "")).hasSize(7).first().isEqualTo("1 10.0.0.1:10001");
    }

    @Test
    void anEmptyListHasNoLines() {
        assertThat(lines(List.of(), 80, 100, "")).isEmpty();
    }

    @Test
    void marksTheClientThatAsks() {
        assertThat(lines(SEVEN.subList(0, 2), 20, 100, "10.0.0.1:10002"))
                .containsExactly("1 10.0.0.1:10001", "2 10.0.0.1:10002 (you)");
    }

    @Test
    void coloursDoNotCountAsWidth() {
        assertThat(new WhoTable(SEVEN.subList(0, 3), 50, 1, "10.0.0.1:10001").lines(own -> "<" + own + ">", "more"))
                .containsExactly("<1 10.0.0.1:10001 (you)>; more", "2 10.0.0.1:10002  3 10.0.0.1:10003");
    }

    @Test
    void showsNothingThatATerminalWouldObey() {
        assertThat(lines(List.of("\u001b[2J\u202e1.2.3.4:5"), 80, 100, "")).containsExactly("1 ?[2J?1.2.3.4:5");
    }

    @Test
    void showsTheNewestAndCountsTheOthers() {
        List<String> clients = IntStream.range(0, 10_000)
                .mapToObj(i -> "10.0." + i / 250 + "." + i % 250 + ":5151")
                .toList();
        List<String> lines = lines(clients, 80, 100, "");
        assertThat(lines).hasSize(101);
        assertThat(lines.get(0)).isEqualTo("... 9,700 more before these; more elsewhere");
        assertThat(lines.get(1)).startsWith(" 9701 10.0.38.200:5151  ").contains(" 9801 10.0.39.50:5151");
        assertThat(lines.get(100)).endsWith("10000 10.0.39.249:5151");
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void alwaysShowsTheClientThatAsks() {
        assertThat(lines(SEVEN, 39, 1, "10.0.0.1:10003"))
                .containsExactly(
                        "3 10.0.0.1:10003 (you) and 4 more before these; more elsewhere",
                        "6 10.0.0.1:10006  7 10.0.0.1:10007");
        assertThat(lines(SEVEN, 39, 1, "10.0.0.1:10007"))
                .containsExactly("... 6 more before these; more elsewhere", "7 10.0.0.1:10007 (you)");
        for (String own : SEVEN) {
            for (int rows = 1; rows < 8; rows++) {
                assertThat(String.join("\n", lines(SEVEN, 60, rows, own))).contains(own + " (you)", "10.0.0.1:10007");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "7", "99", "1000"})
    void fitsWindowsFromTwentyToTwoHundredColumnsAndLeavesNobodyOut(int count) {
        List<String> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(i % 3 == 0 ? "[2001:db8::" + i + "]:5151" : "10.1.2." + i % 250 + ":" + (1 + i));
        }
        for (int width = 20; width <= 200; width++) {
            List<String> lines = lines(clients, width, 2000, "10.1.2.1:2");
            assertThat(lines.stream().flatMap(WhoTableTest::words).filter(word -> word.contains(":")))
                    .as("at %d columns", width)
                    .containsExactlyInAnyOrderElementsOf(clients);
            for (String line : lines) {
                if (words(line).count() > 2) { // a single client may be too long
                    assertThat(line).hasSizeLessThanOrEqualTo(width);
                }
            }
        }
    }
}
