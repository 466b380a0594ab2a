package io.socketz.it.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.it.cli.SocketzMain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

class DistributionFilesTest {
    enum Color {
        RED,
        BLUE
    }

    @Command(
            name = "paint",
            description = "Paints.",
            footer = {"", "Every option is also a variable."})
    static final class Paint implements Callable<Integer> {
        @Override
        public Integer call() {
            return 0;
        }
    }

    @Command(
            name = "wall",
            description = "Paints a wall: that's it.",
            footer = {"", ".dots are not macros."})
    @SuppressWarnings("UnusedVariable") // only the model of the options counts
    static final class Wall implements Callable<Integer> {
        @Option(
                names = {"-c", "--color"},
                paramLabel = "COLOR",
                defaultValue = "RED",
                description = "Which (default: ${DEFAULT-VALUE}) [one].")
        private Color color = Color.RED;

        @Option(names = "--gloss", negatable = true, description = "Whether it shines.")
        private boolean gloss;

        @Option(names = "--from", paramLabel = "FILE", description = "Where from.")
        private @Nullable Path from;

        @Option(names = "--secret", hidden = true, description = "Nobody knows.")
        private boolean secret;

        @Parameters(paramLabel = "PLACE[:SIDE]", arity = "0..1", description = "Where to.")
        private @Nullable String place;

        @Override
        public Integer call() {
            return 0;
        }
    }

    private static CommandLine paint() {
        return new CommandLine(new Paint()).addSubcommand(new Wall());
    }

    @Test
    void theManualPageHasEachCommandWithItsOptionsAndNotes() {
        assertThat(ManPage.of(paint(), "1.2", "2026-11-22").lines())
                .startsWith(".TH \"PAINT\" \"1\" \"2026\\-11\\-22\" \"paint 1.2\"", ".SH \"NAME\"", "paint \\- Paints.")
                .containsSubsequence(
                        ".SS \"paint wall [OPTION]... [PLACE[:SIDE]]\"",
                        "Paints a wall: that\\(aqs it.",
                        ".TP",
                        "\\fIPLACE[:SIDE]\\fR",
                        "Where to.",
                        ".TP",
                        "\\fB\\-c\\fR \\fICOLOR\\fR, \\fB\\-\\-color\\fR=\\fICOLOR\\fR",
                        "Which (default: RED) [one].",
                        ".TP",
                        "\\fB\\-\\-[no\\-]gloss\\fR",
                        "Whether it shines.",
                        ".PP",
                        "\\&.dots are not macros.",
                        ".SH \"ENVIRONMENT\"",
                        "Every option is also a variable.")
                .noneMatch(line -> line.contains("secret"));
    }

    @Test
    void zshCompletesCommandsOptionsAndTheirValues() {
        assertThat(ZshCompletion.of(paint()).lines())
                .startsWith("#compdef paint")
                .contains("        'wall:Paints a wall: that'\\''s it.'")
                .filteredOn(line -> line.startsWith("    wall) "))
                .singleElement()
                .asString()
                .contains(
                        " '(-c --color)-c+[Which (default: RED) \\[one\\].]:COLOR:(RED BLUE)'",
                        " '(-c --color)--color=[Which (default: RED) \\[one\\].]:COLOR:(RED BLUE)'",
                        " '(--gloss)--gloss[Whether it shines.]'",
                        " '--no-gloss[Whether it shines.]'",
                        " '(--from)--from=[Where from.]:FILE:_files'",
                        " '::PLACE[\\:SIDE]: '")
                .doesNotContain("secret");
    }

    @Test
    void everyCommandOfSocketzIsInBoth() {
        CommandLine line = SocketzMain.commandLine(Map.of());
        String page = ManPage.of(line, "1.2", "2026-11-22");
        String completion = ZshCompletion.of(line);
        assertThat(List.copyOf(line.getSubcommands().keySet())).contains("serve", "connect", "up", "bench");
        for (String command : line.getSubcommands().keySet()) {
            assertThat(page).contains(".SS \"socketz " + command.replace("-", "\\-"));
            assertThat(completion).contains("\n    " + command + ") _arguments ");
        }
    }
}
