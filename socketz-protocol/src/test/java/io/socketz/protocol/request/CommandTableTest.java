package io.socketz.protocol.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.Allocation;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTableTest {
    private static final CommandRow ECHO = CommandRow.of("ECHO [text]", "the text again", ReplyType.LINE);
    private static final CommandRow ECHO_LOUD =
            CommandRow.of("SHOUT LOUD [text]", "the text in capitals", ReplyType.LINE);
    private static final CommandTable ECHOES = CommandTable.of(List.of(ECHO, ECHO_LOUD));

    private static final Request BAD_TEXT = new Request.BadArgument(
            ECHO,
            new Reply.Failure(
                    "BAD_ARGUMENT",
                    "expected ECHO [text]: UTF-8 without control characters, at most 1000 bytes after the command"));

    static List<CommandRow> rows() {
        return BuiltInCommands.TABLE.rows();
    }

    @Test
    void theUsageLineIsFrozen() {
        assertThat(BuiltInCommands.TABLE.usage()).isEqualTo("use 'WHY', 'WHO', 'WHERE', 'QUIT'");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theHelpOfEveryRowFitsIntoATable(CommandRow row) {
        assertThat(row.help()).isNotBlank().isEqualTo(row.help().strip()).doesNotContain("|", "\n");
    }

    @Test
    void theBuiltInCommandsAreFrozen() {
        assertThat(syntaxes()).startsWith("WHY", "WHO", "WHO FRESH", "WHERE", "QUIT");
    }

    @Test
    void aRowHasAsManyReplyLinesAsItsReplyTypesTogether() {
        assertThat(BuiltInCommands.WHO_FRESH.replyLines()).isEqualTo(3);
        assertThat(BuiltInCommands.QUIT.replyLines()).isZero();
    }

    @Test
    void aTextIsParsedWithoutTheBlanksAroundIt() {
        assertThat(ECHOES.parse("echo")).isSameAs(ECHO.command());
        assertThat(ECHOES.parse("echo  \t")).isSameAs(ECHO.command());
        assertThat(ECHOES.parse(" Echo\t a  b\u00e9 ")).isEqualTo(ECHO.command("a  b\u00e9"));
        assertThat(ECHOES.parse("shout loud x")).isEqualTo(ECHO_LOUD.command("x"));
        assertThat(ECHO_LOUD.command("x").line()).isEqualTo("SHOUT LOUD x");
        assertThat(ECHO.command("a  b\u00e9").toBytes())
                .isEqualTo("ECHO a  b\u00e9\n".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ECHOx",
                "SHOUT",
                "SHOUT x",
                "SHOUT LOUDx",
                "PING a\tb",
                "PING a\rb",
                "PING \u0007",
                "PING \u0085",
            })
    void anUnknownWordOrABadTextOfAFrozenCommandIsInvalid(String line) {
        CommandTable table = CommandTable.of(List.of(ECHO, ECHO_LOUD, BuiltInCommands.PING));
        assertThat(table.parse(line)).isEqualTo(new Request.Invalid());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ECHO a\tb", "ECHO a\rb", "ECHO \u0007", "ECHO \u0085"})
    void aBadTextOfAnyOtherCommandIsABadArgument(String line) {
        assertThat(ECHOES.parse(line)).isEqualTo(BAD_TEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SERVERS x", "SERVERS \u0007", "WHO COUNT \u0085", "UNWATCH a\tb"})
    void whateverFollowsACommandWithoutArgumentsIsOneTooMany(String line) {
        assertThat(BuiltInCommands.TABLE.parse(line))
                .isInstanceOfSatisfying(
                        Request.BadArgument.class,
                        bad -> assertThat(bad.refusal().text())
                                .startsWith("expected nothing after ")
                                .doesNotContain("UTF-8"));
    }

    @Test
    void aTextIsLimitedAndInUtf8() {
        byte[] notUtf8 = {'E', 'C', 'H', 'O', ' ', (byte) 0xff};
        assertThat(ECHOES.parse(notUtf8, 0, notUtf8.length)).isEqualTo(BAD_TEXT);
        String longest = "x".repeat(Command.MAX_TEXT_BYTES);
        assertThat(ECHOES.parse("ECHO " + longest)).isEqualTo(ECHO.command(longest));
        assertThat(ECHOES.parse("ECHO " + longest + "x")).isEqualTo(BAD_TEXT);
        assertThatThrownBy(() -> ECHO.command(longest + "x")).isInstanceOf(IllegalArgumentException.class);
        String twoBytesEach = "\u00e9".repeat(Command.MAX_TEXT_BYTES / 2);
        assertThat(ECHOES.parse("ECHO " + twoBytesEach)).isEqualTo(ECHO.command(twoBytesEach));
        assertThat(ECHOES.parse("ECHO x" + twoBytesEach)).isEqualTo(BAD_TEXT);
        assertThat(new Reply.Line("PONG " + longest).toBytes()).hasSizeLessThanOrEqualTo(1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", " x", "x ", "\tx", "a\tb", "a\nb", "a\rb", "\u0000", "\u007f", "\u0085", "\ud800"})
    void aCommandRefusesATextThatWouldNotBeReadBack(String text) {
        assertThatThrownBy(() -> ECHO.command(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ECHO [text] does not take this text");
        assertThatThrownBy(() -> new Command(ECHO, text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BuiltInCommands.WHY.command("x")).hasMessage("expected nothing after WHY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "why",
                "WHY ",
                "WHY  NOT",
                "WHY NOT EVER",
                "WHY [Text]",
                "WHY\tNOT",
                "WHY1",
                "WHY [text] id",
                "WHY [text] [NOW]",
                "WHY [NOW] [text]",
                "WHY [NOW n m]",
                "WHY [now n]",
                "WHY [NOW",
                "WHY id [NOW]]",
            })
    void aMalformedSyntaxIsRefused(String syntax) {
        assertThatThrownBy(() -> CommandRow.of(syntax, "help", ReplyType.LINE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not the syntax of a command: " + syntax);
    }

    @Test
    void twoRowsWithTheSameWordsAreRefused() {
        CommandRow other = CommandRow.of("ECHO", "another", ReplyType.LINE);
        assertThatThrownBy(() -> CommandTable.of(List.of(ECHO, other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two commands are called ECHO");
        assertThatThrownBy(() -> CommandRow.of("NINELETTERS", "too long for a word"))
                .hasMessage("a word of more than 8 letters: NINELETTERS");
    }

    /** Tried first, VERB [text] would match every line of its verb. */
    @Test
    void aSecondWordTakesPrecedenceOverATextInAnyOrderOfRows() {
        CommandRow echoBack = CommandRow.of("ECHO BACK", "the text backwards", ReplyType.LINE);
        for (List<CommandRow> rows : List.of(List.of(ECHO, echoBack), List.of(echoBack, ECHO))) {
            CommandTable table = CommandTable.of(rows);
            assertThat(table.rows()).isEqualTo(rows);
            assertThat(table.parse("echo back")).isEqualTo(echoBack.command());
            assertThat(table.parse("echo backwards")).isEqualTo(ECHO.command("backwards"));
            assertThat(table.parse("echo")).isEqualTo(ECHO.command());
        }
    }

    @Test
    void aRowSaysWhoMayUseItsCommand() {
        assertThat(ECHO.access()).isEqualTo(Access.ANYONE);
        assertThat(ECHO.forAccess(Access.ADMINISTRATORS).access()).isEqualTo(Access.ADMINISTRATORS);
    }

    @Test
    void parsingALineWithoutTextDoesNotAllocate() {
        byte[] line = "ECHO".getBytes(StandardCharsets.UTF_8);
        long allocated = Allocation.of(() -> {
            for (int i = 0; i < 10_000; i++) {
                if (!ECHOES.parse(line, 0, line.length).asksFor(ECHO)) {
                    throw new AssertionError();
                }
            }
        });
        assertThat(allocated).isLessThan(500);
    }

    @Test
    void amongAThousandVerbsEachIsFoundWithoutAllocation() {
        List<CommandRow> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String letters = "" + (char) ('A' + i / 100) + (char) ('A' + i / 10 % 10) + (char) ('A' + i % 10);
            rows.add(CommandRow.of("V" + letters, "one of many", ReplyType.LINE));
        }
        CommandTable table = BuiltInCommands.TABLE.with(rows);
        assertThat(table.rows()).startsWith(BuiltInCommands.WHY).endsWith(rows.get(999));
        for (CommandRow row : rows) {
            assertThat(table.parse(row.words().toLowerCase(Locale.ROOT))).isSameAs(row.command());
        }
        assertThat(table.parse("VAAAA")).isEqualTo(new Request.Invalid());
        assertThat(table.parse("\u0000VAAA")).isEqualTo(new Request.Invalid());
        assertThat(table.parse("why")).isSameAs(BuiltInCommands.WHY.command());
        byte[] line = "VJJJ".getBytes(StandardCharsets.UTF_8);
        long allocated = Allocation.of(() -> {
            for (int i = 0; i < 10_000; i++) {
                if (!table.parse(line, 0, line.length).asksFor(rows.get(999))) {
                    throw new AssertionError();
                }
            }
        });
        assertThat(allocated).isLessThan(500);
    }

    @Test
    void aRowThatIsInTheTableAlreadyIsRefused() {
        CommandRow other = CommandRow.of("WHO name", "someone else's", ReplyType.LINE);
        assertThatThrownBy(() -> BuiltInCommands.TABLE.with(List.of(other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("two commands are called WHO");
    }

    @Test
    void theReadmeListsOnlyCommandsThatExist() throws IOException {
        List<String> lines = Files.readAllLines(root().resolve("README.md"));
        List<String> commands = lines.stream()
                .skip(lines.indexOf("## Commands"))
                .dropWhile(line -> !line.startsWith("| ---"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("`", 3)[1])
                .toList();
        assertThat(syntaxes()).containsSubsequence(commands);
    }

    @Test
    void theTableInTheSpecificationMatchesTheCommandTable() throws IOException {
        List<String> expected = rows().stream()
                .map(row -> "| `" + row.syntax() + "` | " + row.help() + " |")
                .toList();
        List<String> lines = Files.readAllLines(root().resolve("docs/protocol.md"));
        List<String> table = new ArrayList<>();
        for (int i = Math.max(0, lines.indexOf(expected.get(0)));
                i < lines.size() && lines.get(i).startsWith("|");
                i++) {
            table.add(lines.get(i));
        }
        assertThat(table)
                .as("the command table in docs/protocol.md, which must be:\n%s", String.join("\n", expected))
                .isEqualTo(expected);
        assertThat(lines.get(lines.indexOf(expected.get(0)) - 1))
                .as("the line above the first row")
                .matches("\\|[-:| ]+\\|");
    }

    private static List<String> syntaxes() {
        return rows().stream().map(CommandRow::syntax).toList();
    }

    /** The root of the repository: the nearest parent directory that contains this module. */
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
