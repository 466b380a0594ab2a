package io.socketz.protocol.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VerbTest {
    @Test
    void theUsageLineIsFrozen() {
        assertThat(Verb.USAGE).isEqualTo("use 'WHY', 'WHO', 'WHERE', 'QUIT'");
    }

    @ParameterizedTest
    @EnumSource
    void everyVerbIsOfCapitalsAndFitsIntoAWord(Verb verb) {
        assertThat(verb.name()).matches("[A-Z]+").hasSizeBetween(1, Verb.MAX_LENGTH);
    }

    @ParameterizedTest
    @EnumSource
    void everyVerbHasHelpThatFitsIntoATable(Verb verb) {
        assertThat(verb.help()).isNotBlank().isEqualTo(verb.help().strip()).doesNotContain("|", "\n");
    }

    @ParameterizedTest
    @EnumSource
    void everyVerbStandsForItsCommandAndBack(Verb verb) {
        assertThat(verb.command().verb()).isSameAs(verb);
        assertThat(verb.maxArguments()).isNotNegative();
    }

    @Test
    void noArgumentsAreTakenByTheFirstFour() {
        assertThat(Verb.values()).startsWith(Verb.WHY, Verb.WHO, Verb.WHERE, Verb.QUIT);
        assertThat(List.of(Verb.WHY, Verb.WHO, Verb.WHERE, Verb.QUIT))
                .extracting(Verb::maxArguments)
                .containsOnly(0);
    }

    @Test
    void theTableInTheSpecificationIsThisTable() throws IOException {
        List<String> expected = Arrays.stream(Verb.values())
                .map(verb -> "| `" + verb + "` | " + verb.help() + " |")
                .toList();
        List<String> lines = Files.readAllLines(root().resolve("docs/protocol.md"));
        List<String> table = new ArrayList<>();
        for (int i = Math.max(0, lines.indexOf(expected.get(0)));
                i < lines.size() && lines.get(i).startsWith("|");
                i++) {
            table.add(lines.get(i));
        }
        assertThat(table)
                .as("the rows of the command table in docs/protocol.md")
                .isEqualTo(expected);
        assertThat(lines.get(lines.indexOf(expected.get(0)) - 1))
                .as("the line above the first row")
                .matches("\\|[-:| ]+\\|");
    }

    /** The repository: the nearest directory that holds this module, from here upwards. */
    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("socketz-protocol"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new AssertionError(
                        "no socketz-protocol above " + Path.of("").toAbsolutePath());
            }
            directory = parent;
        }
        return directory;
    }
}
