package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.request.BuiltInCommands;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HintsTest {
    @Test
    void showsTheRestOfTheOnlyMatchingCommandAndItsHelp() {
        assertThat(Hints.behind("whe")).isEqualTo("RE  " + BuiltInCommands.WHERE.help());
        assertThat(Hints.behind("who f")).startsWith("RESH  the same");
        assertThat(Hints.behind("/lat")).startsWith("ency [TIMES]  measures");
        assertThat(Hints.behind(".lat")).isEqualTo(Hints.behind("/lat"));
    }

    @Test
    void showsAllMatchingCommandsIfThereAreSeveral() {
        assertThat(Hints.behind("wh")).isEqualTo("  WHY WHO WHERE");
        assertThat(Hints.behind("/")).contains("/help", "/quit").doesNotContain("WHO");
    }

    @Test
    void showsHelpAfterAWholeCommand() {
        assertThat(Hints.behind("WHO")).isEqualTo("  " + BuiltInCommands.WHO.help());
        assertThat(Hints.behind("/help")).isEqualTo("  shows this; help and ? do too");
    }

    @Test
    void showsTheMissingArguments() {
        assertThat(Hints.behind("/watch")).startsWith(" INTERVAL COMMAND");
        assertThat(Hints.behind("/watch 1s ")).isEqualTo("COMMAND");
        assertThat(Hints.behind("/watch 1s WHO")).isEmpty();
    }

    @Test
    void showsNothingAfterAnEmptyOrUnknownLine() {
        assertThat(Hints.behind("")).isEmpty();
        assertThat(Hints.behind("  ")).isEmpty();
        assertThat(Hints.behind("xyzzy")).isEmpty();
        assertThat(Hints.behind("/xyzzy 1")).isEmpty();
    }

    @Test
    void completesFromBothTables() {
        List<String> first = Hints.candidates(List.of(""), 0);
        assertThat(first).containsAll(verbs());
        assertThat(first)
                .containsAll(Arrays.stream(LocalCommand.values())
                        .map(each -> "/" + each.word())
                        .toList());
        assertThat(Hints.candidates(List.of("who", ""), 1)).containsExactly("FRESH");
        assertThat(Hints.candidates(List.of("why", ""), 1)).isEmpty();
        assertThat(Hints.candidates(List.of("WHO", "FRESH", ""), 2)).isEmpty();
    }

    @Test
    void completesLocalCommandsAfterADotToo() {
        assertThat(Hints.candidates(List.of("."), 0)).contains(".help", "WHO").noneMatch(word -> word.startsWith("/"));
        assertThat(Hints.candidates(List.of(".watch", "1s", ""), 2)).contains("WHO");
    }

    @Test
    void completesTheServersCommandsAsArgumentsOfLocalOnes() {
        List<String> verbs = verbs();
        assertThat(Hints.candidates(List.of("/watch", "1s", ""), 2)).containsExactlyElementsOf(verbs);
        assertThat(Hints.candidates(List.of("/repeat", "5", ""), 2)).containsExactlyElementsOf(verbs);
        assertThat(Hints.candidates(List.of("/repeat", "5", "1s", "W"), 3)).containsExactlyElementsOf(verbs);
        assertThat(Hints.candidates(List.of("/repeat", "5", "1s", "WHO", ""), 4))
                .containsExactly("FRESH");
        assertThat(Hints.candidates(List.of("/repeat", "5", "WHO", ""), 3)).containsExactly("FRESH");
        assertThat(Hints.candidates(List.of("/plain", ""), 1)).containsExactly("on", "off");
        assertThat(Hints.candidates(List.of("/help", ""), 1)).isEmpty();
    }

    @Test
    void helpHasEveryCommandAndFitsTheWindow() {
        for (int columns = 40; columns <= 120; columns += 10) {
            List<String> lines = Help.lines(columns);
            assertThat(String.join("\n", lines)).contains("WHO FRESH", "/repeat TIMES [INTERVAL] COMMAND", "Ctrl-D");
            int width = columns;
            assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
        }
    }

    private static List<String> verbs() {
        return BuiltInCommands.TABLE.rows().stream()
                .map(row -> row.words().split(" ", 2)[0])
                .distinct()
                .toList();
    }
}
