package io.socketz.protocol.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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
        assertThat(verb.name()).matches("[A-Z]+").hasSizeBetween(1, Word.MAX_LENGTH);
    }

    @ParameterizedTest
    @EnumSource
    void everyRowHasHelpThatFitsIntoATable(Verb verb) {
        for (Form form : verb.forms()) {
            assertThat(form.help()).isNotBlank().isEqualTo(form.help().strip()).doesNotContain("|", "\n");
        }
        assertThat(verb.help()).isEqualTo(verb.forms().get(0).help());
    }

    @ParameterizedTest
    @EnumSource
    void everyRowStandsForACommandOfItsVerbAndTheFirstForThatWithoutArguments(Verb verb) {
        assertThat(verb.forms()).allSatisfy(form -> {
            assertThat(form.command().verb()).isSameAs(verb);
            assertThat(form.command().arguments()).matches("[A-Z]*").hasSizeBetween(0, Word.MAX_LENGTH);
        });
        assertThat(verb.forms()).extracting(Form::command).doesNotHaveDuplicates();
        assertThat(verb.command()).isSameAs(verb.forms().get(0).command());
        assertThat(verb.command().arguments()).isEmpty();
    }

    @Test
    void theCommandsAreThese() {
        assertThat(texts()).containsExactly("WHY", "WHO", "WHO FRESH", "WHERE", "QUIT");
    }

    @Test
    void theReadmeListsTheSameCommands() throws IOException {
        List<String> lines = Files.readAllLines(root().resolve("README.md"));
        List<String> commands = lines.stream()
                .skip(lines.indexOf("## Commands"))
                .dropWhile(line -> !line.startsWith("| ---"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("`", 3)[1])
                .toList();
        assertThat(commands).isEqualTo(texts());
    }

    @Test
    void theTableInTheSpecificationIsThisTable() throws IOException {
        List<String> expected = forms().map(form -> "| `" + form.command().text() + "` | " + form.help() + " |")
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

    private static List<String> texts() {
        return forms().map(form -> form.command().text()).toList();
    }

    private static Stream<Form> forms() {
        return Arrays.stream(Verb.values()).flatMap(verb -> verb.forms().stream());
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
