package io.socketz.protocol.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.protocol.Allocation;
import io.socketz.protocol.name.ClientReference;
import io.socketz.protocol.name.ServerReference;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows the words of a command: read, checked and refused. */
class CommandArgumentsTest {
    private static final CommandRow LONG = BuiltInCommands.WHO_LONG;
    private static final CommandRow NAME = BuiltInCommands.NAME;
    private static final CommandRow AUTH = CommandRow.of("AUTH token", "help", ReplyType.LINE);
    private static final CommandRow KICK = CommandRow.of("KICK id [reason]", "help", ReplyType.LINE);
    private static final CommandRow KICK_ADDR = CommandRow.of("KICK ADDR cidr [DRYRUN]", "help", ReplyType.LINE);
    private static final CommandRow WATCH = CommandRow.of("WATCH [SINCE revision] [SERVER s]", "help", ReplyType.LINE);
    private static final CommandTable TABLE = CommandTable.of(List.of(
            BuiltInCommands.WHO,
            BuiltInCommands.WHO_FRESH,
            LONG,
            BuiltInCommands.WHO_CLOSED,
            BuiltInCommands.WHOAMI,
            NAME,
            AUTH,
            KICK,
            KICK_ADDR,
            WATCH));

    @Test
    void flagsAndKeywordsComeInAnyOrderAndCase() {
        Command command = command("who long limit 5 After 08483048/17\tfresh Addr 10.0.0.0/8  NAME web-* server s-1");
        assertThat(command.row()).isSameAs(LONG);
        CommandArguments arguments = command.arguments();
        assertThat(arguments.has("FRESH")).isTrue();
        assertThat(arguments.number("LIMIT")).hasValue(5);
        assertThat(arguments.client("AFTER")).contains(ClientReference.parse("08483048/17"));
        assertThat(arguments.cidr("ADDR")).get().hasToString("10.0.0.0/8");
        assertThat(arguments.glob("NAME")).get().hasToString("web-*");
        assertThat(arguments.server("SERVER")).contains(new ServerReference("s-1"));
        assertThat(command("WHO CLOSED LAST 10m").arguments().time("LAST")).contains(Duration.ofMinutes(10));
        assertThat(command("WATCH SINCE 0").arguments().number("SINCE")).hasValue(0);
    }

    @Test
    void whatIsNotGivenIsEmpty() {
        CommandArguments arguments = LONG.command().arguments();
        assertThat(arguments.has("FRESH")).isFalse();
        assertThat(arguments.number("LIMIT")).isEmpty();
        assertThat(arguments.client("AFTER")).isEmpty();
        assertThat(arguments.cidr("ADDR")).isEmpty();
        assertThat(arguments.glob("NAME")).isEmpty();
        assertThat(arguments.server("SERVER")).isEmpty();
        assertThat(arguments.value("SERVER")).isEmpty();
        assertThat(arguments.time("LAST")).isEmpty();
    }

    @Test
    void wordsThatMustBeThereComeFirst() {
        assertThat(command("AUTH s3cret=").arguments().value("token")).contains("s3cret=");
        Command kick = command("kick 08483048/17  too   loud");
        assertThat(kick.row()).isSameAs(KICK);
        assertThat(kick.arguments().client("id")).contains(ClientReference.parse("08483048/17"));
        assertThat(kick.arguments().value("reason")).contains("too   loud");
        assertThat(command("KICK 08483048/17").arguments().has("reason")).isFalse();
        Command kickAll = command("KICK addr ::1 dryrun");
        assertThat(kickAll.row()).isSameAs(KICK_ADDR);
        assertThat(kickAll.arguments().cidr("cidr")).get().hasToString("::1/128");
        assertThat(kickAll.arguments().has("DRYRUN")).isTrue();
    }

    @Test
    void aLineWithoutArgumentsIsAlwaysTheSameCommand() {
        assertThat(command("who  long ")).isSameAs(LONG.command());
        assertThat(command("name")).isSameAs(NAME.command());
        assertThat(AUTH.standsAlone()).isFalse();
        assertThatThrownBy(AUTH::command)
                .isInstanceOf(BadArgumentException.class)
                .hasMessage("expected AUTH token");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WHO LONG bogus         | expected WHO LONG [FRESH] [SERVER s] [ADDR cidr] [NAME glob] [LIMIT n] [AFTER id]",
                "WHO LONG LIMIT 5 5     | expected WHO LONG [FRESH] [SERVER s] [ADDR cidr] [NAME glob] [LIMIT n] [AFTER id]",
                "WHO LONG FRE\u017fH     | expected WHO LONG [FRESH] [SERVER s] [ADDR cidr] [NAME glob] [LIMIT n] [AFTER id]",
                "WHO LONG fresh FRESH   | expected FRESH once",
                "WHO LONG LIMIT 5 limit 6 | expected LIMIT once",
                "WHO LONG LIMIT         | expected LIMIT and a number from 1 to 10000",
                "WHO LONG LIMIT 0       | expected LIMIT and a number from 1 to 10000",
                "WHO LONG LIMIT 10001   | expected LIMIT and a number from 1 to 10000",
                "WHO LONG LIMIT 1000000 | expected LIMIT and a number from 1 to 10000",
                "WHO LONG LIMIT 99999999999999999999 | expected LIMIT and a number from 1 to 10000",
                "WHO LONG LIMIT -1      | expected LIMIT and a number from 1 to 10000",
                "WHO LONG LIMIT \u0661   | expected LIMIT and a number from 1 to 10000",
                "WHO LONG LIMIT FRESH   | expected LIMIT and a number from 1 to 10000",
                "WHO LONG ADDR 10.0.0/8 | expected ADDR and an address block such as 10.0.0.0/8",
                "WHO LONG ADDR 10.0.0.0/33 | expected ADDR and an address block such as 10.0.0.0/8",
                "WHO LONG NAME a=b      | expected NAME and a pattern of names such as web-*",
                "WHO LONG AFTER 17      | expected AFTER and the id of a client such as 08483048/17",
                "WHO LONG SERVER        | expected SERVER and the name of a server, or its id",
                "WHO CLOSED LAST soon   | expected LAST and a time such as 30s, 10m or 2h",
                "WHO CLOSED 10m         | expected WHO CLOSED [LAST time]",
                "WATCH SINCE -1         | expected SINCE and a revision, a number of 0 or more",
                "WATCH SINCE 9223372036854775808 | expected SINCE and a revision, a number of 0 or more",
                "WHOAMI x               | expected nothing after WHOAMI",
                "AUTH                   | expected AUTH token",
                "AUTH a b               | expected AUTH token",
                "KICK                   | expected KICK id [reason]",
                "KICK bob               | expected the id of a client such as 08483048/17",
                "KICK ADDR              | expected KICK ADDR cidr [DRYRUN]",
                "KICK ADDR 10.0.0.0/8 x | expected KICK ADDR cidr [DRYRUN]",
            })
    void aBadArgumentIsRefusedWithWhatWasExpected(String line, String expected) {
        Request request = TABLE.parse(line.strip());
        assertThat(request).isInstanceOf(Request.BadArgument.class);
        assertThat(((Request.BadArgument) request).refusal()).isEqualTo(new Reply.Failure("BAD_ARGUMENT", expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\tb", "a=b", "'a'", "\u00e9", "a\u0007", "\u0000", "a\rb"})
    void aBadNameIsRefusedWithACodeOfItsOwn(String name) {
        assertThat(TABLE.parse("NAME " + name)).isEqualTo(new Request.BadArgument(NAME, badName()));
    }

    @Test
    void aLabelIsLimitedAndInAscii() {
        String longest = "x".repeat(64);
        assertThat(command("NAME " + longest).arguments().value("label")).contains(longest);
        assertThat(TABLE.parse("NAME x" + longest)).isEqualTo(new Request.BadArgument(NAME, badName()));
        assertThat(TABLE.parse("NAME " + "x".repeat(1_001))).isEqualTo(new Request.BadArgument(NAME, badName()));
        byte[] notUtf8 = {'N', 'A', 'M', 'E', ' ', (byte) 0xff};
        assertThat(TABLE.parse(notUtf8, 0, notUtf8.length)).isEqualTo(new Request.BadArgument(NAME, badName()));
    }

    /** Even between arguments: no part of such a line can be trusted. */
    @ParameterizedTest
    @ValueSource(strings = {"WHO LONG \u0007", "WHO LONG FRESH\rFRESH", "WHO LONG FRESH\u0000", "WHO LONG \u0085"})
    void controlCharactersAreABadArgument(String line) {
        assertThat(TABLE.parse(line)).isInstanceOf(Request.BadArgument.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WHO bogus", "WHO LONGER", "WHO FRESH LONG", "WHO FRESH x", "WHO LIMIT 5", "LONG WHO"})
    void theFrozenCommandsStillMakeAnInvalidCommand(String line) {
        assertThat(TABLE.parse(line)).isEqualTo(new Request.Invalid());
    }

    @Test
    void aCommandWithArgumentsIsReadBackAsItWasWritten() {
        Command command = LONG.command("LIMIT 5 fresh");
        assertThat(command.line()).isEqualTo("WHO LONG LIMIT 5 fresh");
        assertThat(command.toBytes()).isEqualTo("WHO LONG LIMIT 5 fresh\n".getBytes(UTF_8));
        assertThat(TABLE.parse(command.line())).isEqualTo(command);
        assertThatThrownBy(() -> LONG.command("LIMIT 0"))
                .isInstanceOf(BadArgumentException.class)
                .hasMessage("expected LIMIT and a number from 1 to 10000");
    }

    @Test
    void parsingACommandThatCouldHaveArgumentsButHasNoneDoesNotAllocate() {
        byte[] line = " who  long ".getBytes(UTF_8);
        long allocated = Allocation.of(() -> {
            for (int i = 0; i < 10_000; i++) {
                if (!TABLE.parse(line, 0, line.length).asksFor(LONG)) {
                    throw new AssertionError();
                }
            }
        });
        assertThat(allocated).isLessThan(500);
    }

    @Test
    void aTokenIsASecret() {
        assertThat(AUTH.isSecret()).isTrue();
        assertThat(KICK.isSecret()).isFalse();
    }

    @Test
    void aRowTellsWhatMayFollow() {
        assertThat(LONG.following(List.of()))
                .containsExactly("[FRESH]", "[SERVER s]", "[ADDR cidr]", "[NAME glob]", "[LIMIT n]", "[AFTER id]");
        assertThat(LONG.following(List.of("limit"))).containsExactly("n");
        assertThat(LONG.following(List.of("limit", "5", "NAME", "FRESH", "Fresh", "ADDR", "::1")))
                .containsExactly("[SERVER s]", "[AFTER id]");
        assertThat(LONG.following(List.of("bogus"))).isEmpty();
        assertThat(KICK.following(List.of())).containsExactly("id");
        assertThat(KICK.following(List.of("x"))).containsExactly("[reason]");
        assertThat(KICK_ADDR.following(List.of("x"))).containsExactly("[DRYRUN]");
        assertThat(KICK_ADDR.following(List.of("x", "DRYRUN"))).isEmpty();
        assertThat(BuiltInCommands.WHO.following(List.of())).isEmpty();
    }

    /** Random arguments, right and wrong, in random order, case and blanks. */
    @Test
    void anyMixtureOfArgumentsIsReadOrRefused() {
        long seed = Long.getLong("socketz.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, List<String>> right = new LinkedHashMap<>();
        right.put("FRESH", List.of(""));
        right.put("SERVER", List.of("s", "FRESH", "08483048", "\u00e9"));
        right.put("ADDR", List.of("10.0.0.0/8", "::/0", "1.2.3.4"));
        right.put("NAME", List.of("*", "LIMIT", "a?"));
        right.put("LIMIT", List.of("1", "10000"));
        right.put("AFTER", List.of("08483048/1", "08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/9"));
        for (int i = 0; i < 20_000; i++) {
            List<String> names = new ArrayList<>(right.keySet());
            Collections.shuffle(names, random);
            names = names.subList(0, random.nextInt(names.size() + 1));
            Map<String, String> expected = new LinkedHashMap<>();
            List<String> words = new ArrayList<>();
            for (String name : names) {
                List<String> values = right.getOrDefault(name, List.of());
                String value = values.get(random.nextInt(values.size()));
                expected.put(name, value);
                words.add(anyCase(random, name));
                if (!value.isEmpty()) {
                    words.add(value);
                }
            }
            boolean broken = random.nextInt(3) == 0;
            if (broken) {
                words.add(List.of("x", "LIMIT", "LIMIT -1", "ADDR 1", "AFTER x", "NAME '", "\u0001")
                        .get(random.nextInt(7)));
            }
            StringBuilder line = new StringBuilder("WHO LONG");
            words.forEach(
                    word -> line.append(random.nextBoolean() ? " " : "\t \t").append(word));
            Request request = TABLE.parse(line.toString());
            String what = "-Dsocketz.seed=" + seed + ": " + line;
            if (broken) {
                assertThat(request).as(what).isInstanceOf(Request.BadArgument.class);
            } else {
                assertThat(request).as(what).isInstanceOf(Command.class);
                CommandArguments arguments = ((Command) request).arguments();
                right.keySet()
                        .forEach(name -> assertThat(arguments.value(name).orElse("none"))
                                .as(what)
                                .isEqualTo(expected.getOrDefault(name, "none")));
            }
        }
    }

    private static String anyCase(Random random, String word) {
        StringBuilder out = new StringBuilder();
        word.chars().forEach(c -> out.append((char) (random.nextBoolean() ? c : c - 'A' + 'a')));
        return out.toString();
    }

    private static Reply.Failure badName() {
        return new Reply.Failure(
                "BAD_NAME", "expected 1 to 64 printable characters of ASCII without blanks, quotes or =");
    }

    private static Command command(String line) {
        Request request = TABLE.parse(line);
        assertThat(request).isInstanceOf(Command.class);
        return (Command) request;
    }
}
