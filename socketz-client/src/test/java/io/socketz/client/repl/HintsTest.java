package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.CommandTable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HintsTest {
    private static final CommandTable TABLE = CommandTable.of(List.of(
            BuiltInCommands.WHY,
            BuiltInCommands.WHO,
            BuiltInCommands.WHO_FRESH,
            BuiltInCommands.WHERE,
            BuiltInCommands.QUIT,
            BuiltInCommands.PING));
    private static final Hints HINTS = new Hints(TABLE);

    /** With commands that take arguments. */
    private static final Hints MORE = new Hints(CommandTable.of(List.of(
            BuiltInCommands.WHO,
            BuiltInCommands.WHO_COUNT,
            BuiltInCommands.WHO_LONG,
            BuiltInCommands.WHO_CLOSED,
            BuiltInCommands.NAME,
            BuiltInCommands.HELP,
            CommandRow.of("KICK id [reason]", "help", ReplyType.LINE),
            CommandRow.of("KICK ADDR cidr [DRYRUN]", "help", ReplyType.LINE))));

    @Test
    void showsTheRestOfTheOnlyMatchingCommandAndItsHelp() {
        assertThat(HINTS.behind("whe")).isEqualTo("RE  " + BuiltInCommands.WHERE.help());
        assertThat(HINTS.behind("who f")).startsWith("RESH  the same");
        assertThat(HINTS.behind("/lat")).startsWith("ency [TIMES]  measures");
        assertThat(HINTS.behind(".lat")).isEqualTo(HINTS.behind("/lat"));
    }

    @Test
    void showsAllMatchingCommandsIfThereAreSeveral() {
        assertThat(HINTS.behind("wh")).isEqualTo("  WHY WHO WHERE");
        assertThat(HINTS.behind("/")).contains("/help", "/quit").doesNotContain("WHO");
    }

    @Test
    void showsHelpAfterAWholeCommand() {
        assertThat(HINTS.behind("WHO")).isEqualTo("  " + BuiltInCommands.WHO.help());
        assertThat(HINTS.behind("/help")).isEqualTo("  " + LocalCommand.HELP.help());
    }

    @Test
    void showsTheMissingArguments() {
        assertThat(HINTS.behind("/watch")).startsWith(" [INTERVAL] COMMAND");
        assertThat(HINTS.behind("/watch 1s ")).isEqualTo("COMMAND");
        assertThat(HINTS.behind("/watch 1s WHO")).isEmpty();
    }

    @Test
    void showsNothingAfterAnEmptyOrUnknownLine() {
        assertThat(HINTS.behind("")).isEmpty();
        assertThat(HINTS.behind("  ")).isEmpty();
        assertThat(HINTS.behind("xyzzy")).isEmpty();
        assertThat(HINTS.behind("/xyzzy 1")).isEmpty();
    }

    @Test
    void completesFromBothTables() {
        List<String> first = HINTS.candidates(List.of(""), 0);
        assertThat(first).containsAll(verbs());
        assertThat(first)
                .containsAll(Arrays.stream(LocalCommand.values())
                        .map(each -> "/" + each.word())
                        .toList());
        assertThat(HINTS.candidates(List.of("who", ""), 1)).containsExactly("FRESH");
        assertThat(HINTS.candidates(List.of("why", ""), 1)).isEmpty();
        assertThat(HINTS.candidates(List.of("WHO", "FRESH", ""), 2)).isEmpty();
    }

    @Test
    void completesLocalCommandsAfterADotToo() {
        assertThat(HINTS.candidates(List.of("."), 0)).contains(".help", "WHO").noneMatch(word -> word.startsWith("/"));
        assertThat(HINTS.candidates(List.of(".watch", "1s", ""), 2)).contains("WHO");
    }

    @Test
    void completesTheServersCommandsAsArgumentsOfLocalOnes() {
        List<String> verbs = verbs();
        assertThat(HINTS.candidates(List.of("/watch", "1s", ""), 2)).containsExactlyElementsOf(verbs);
        assertThat(HINTS.candidates(List.of("/repeat", "5", ""), 2)).containsExactlyElementsOf(verbs);
        assertThat(HINTS.candidates(List.of("/repeat", "5", "1s", "W"), 3)).containsExactlyElementsOf(verbs);
        assertThat(HINTS.candidates(List.of("/repeat", "5", "1s", "WHO", ""), 4))
                .containsExactly("FRESH");
        assertThat(HINTS.candidates(List.of("/repeat", "5", "WHO", ""), 3)).containsExactly("FRESH");
        assertThat(HINTS.candidates(List.of("/plain", ""), 1)).containsExactly("on", "off");
        assertThat(HINTS.candidates(List.of("/help", ""), 1)).isEmpty();
    }

    @Test
    void completesFlagsAndKeywordsThatAreLeft() {
        assertThat(MORE.candidates(List.of("who", ""), 1)).containsExactly("COUNT", "LONG", "CLOSED");
        assertThat(MORE.candidates(List.of("who", "long", ""), 2))
                .containsExactly("FRESH", "SERVER", "ADDR", "NAME", "LIMIT", "AFTER");
        assertThat(MORE.candidates(List.of("WHO", "LONG", "limit", "5", "FRESH", "a"), 5))
                .containsExactly("SERVER", "ADDR", "NAME", "AFTER");
        assertThat(MORE.candidates(List.of("WHO", "LONG", "LIMIT", ""), 3)).isEmpty();
        assertThat(MORE.candidates(List.of("WHO", "LONG", "bogus", ""), 3)).isEmpty();
        assertThat(MORE.candidates(List.of("WHO", "CLOSED", ""), 2)).containsExactly("LAST");
        assertThat(MORE.candidates(List.of("/watch", "1s", "WHO", "CLOSED", ""), 4))
                .containsExactly("LAST");
        assertThat(MORE.candidates(List.of("KICK", ""), 1)).containsExactly("ADDR");
        assertThat(MORE.candidates(List.of("KICK", "ADDR", ""), 2)).isEmpty();
        assertThat(MORE.candidates(List.of("KICK", "ADDR", "::1", ""), 3)).containsExactly("DRYRUN");
        assertThat(MORE.candidates(List.of("NAME", ""), 1)).isEmpty();
        assertThat(MORE.candidates(List.of("HELP", "w"), 1)).containsExactly("WHO", "NAME", "HELP", "KICK");
    }

    @Test
    void showsTheArgumentsThatAreLeft() {
        assertThat(MORE.behind("who c")).isEqualTo("  COUNT CLOSED");
        assertThat(MORE.behind("who l")).startsWith("ONG [FRESH] [SERVER s] [ADDR cidr]");
        assertThat(MORE.behind("who long f")).isEqualTo("RESH");
        assertThat(MORE.behind("who long fresh ")).isEqualTo("[SERVER s] [ADDR cidr] [NAME glob] [LIMIT n] [AFTER id]");
        assertThat(MORE.behind("who long a")).isEqualTo("  ADDR cidr AFTER id");
        assertThat(MORE.behind("who long limit")).isEqualTo(" n");
        assertThat(MORE.behind("who long limit ")).isEqualTo("n");
        assertThat(MORE.behind("who long limit 5")).isEmpty();
        assertThat(MORE.behind("who long bogus ")).isEmpty();
        assertThat(MORE.behind("kick 08483048/17 ")).isEqualTo("[reason]");
        assertThat(MORE.behind("kick 08483048/17 too ")).isEmpty();
        assertThat(MORE.behind("kick addr ")).startsWith("cidr [DRYRUN]");
        assertThat(MORE.behind("name web-7")).isEmpty();
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
        return TABLE.rows().stream()
                .map(row -> row.words().split(" ", 2)[0])
                .distinct()
                .toList();
    }
}
