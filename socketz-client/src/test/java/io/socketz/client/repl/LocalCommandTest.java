package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.socketz.client.WatchQuery;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalCommandTest {
    /** Records its calls. */
    private static final class Told implements LocalCommand.Actions {
        private final List<String> told = new ArrayList<>();

        @Override
        public void help() {
            told.add("help");
        }

        @Override
        public void connect(Optional<String> addresses) {
            told.add("connect " + addresses.orElse("as before"));
        }

        @Override
        public void info() {
            told.add("info");
        }

        @Override
        public void latency(int times) {
            told.add("latency " + times);
        }

        @Override
        public void repeat(int times, Duration interval, String command) {
            told.add("repeat " + times + " " + interval + " " + command);
        }

        @Override
        public void watch(Duration interval, String command) {
            told.add("watch " + interval + " " + command);
        }

        @Override
        public void watch(WatchQuery query) {
            told.add("follow " + query);
        }

        @Override
        public void top(Duration interval) {
            told.add("top " + interval);
        }

        @Override
        public void plain(boolean plain) {
            told.add("plain " + plain);
        }

        @Override
        public void quit() {
            told.add("quit");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    /help                | help
                    .HELP                | help
                    / help               | help
                    /connect             | connect as before
                    /connect a:1,b       | connect a:1,b
                    /info                | info
                    /latency             | latency 100
                    /latency 5           | latency 5
                    /repeat 5 WHO FRESH  | repeat 5 PT0S WHO FRESH
                    /repeat 5  1s   WHO  | repeat 5 PT1S WHO
                    /repeat 5 20ms why   | repeat 5 PT0.02S why
                    /repeat 3 5 WHY      | repeat 3 PT5S WHY
                    /watch 2m SERVERS    | watch PT2M SERVERS
                    /watch 1 WHO FRESH   | watch PT1S WHO FRESH
                    /watch 1m30s WHERE   | watch PT1M30S WHERE
                    /watch 1.5s who long | watch PT1.5S who long
                    /watch 1s WHO LONG x | watch PT1S WHO LONG x
                    /watch WHO           | follow WATCH
                    /watch 1s who        | follow WATCH
                    /watch who server s1 | follow WATCH SERVER s1
                    .watch WHO NAME web-*  ADDR 10.0.0.0/8 | follow WATCH ADDR 10.0.0.0/8 NAME web-*
                    /top                 | top PT1S
                    /top 200ms           | top PT0.2S
                    /plain               | plain true
                    /plain Off           | plain false
                    /quit                | quit
                    help                 | help
                    HELP                 | help
                    ?                    | help
                    /?                   | help
                    exit                 | quit
                    /exit                | quit
                    """)
    void runsTheTypedCommand(String line, String expected) throws Exception {
        Told told = new Told();
        LocalCommand.run(line, told);
        assertThat(told.told).containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WHO", "quit", "info", "help me", "exits", "?!"})
    void leavesOtherLinesToTheServer(String line) {
        assertThat(LocalCommand.isLocal(line)).isFalse();
    }

    @Test
    void takesNoCommandFromTheServer() {
        for (CommandRow row : BuiltInCommands.TABLE.rows()) {
            assertThat(LocalCommand.isLocal(row.words())).as(row.words()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    info now             | did you mean /info?
                    help me              | did you mean /help?
                    Watch 1s WHO         | did you mean /watch [INTERVAL] COMMAND?
                    nonsense             | /help lists the commands; /quit leaves
                    """)
    void suggestsTheLikelyCommand(String line, String hint) {
        assertThat(LocalCommand.hint(line)).isEqualTo(hint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    /                    | no such local command: see /help
                    /nonsense            | no such local command: see /help
                    /help me             | /help: 'me' is not expected
                    /latency soon        | /latency [TIMES]: 'soon' is not a number from 1 to 1000000
                    /latency 0           | /latency [TIMES]: '0' is not a number from 1 to 1000000
                    /repeat              | /repeat TIMES [INTERVAL] COMMAND: TIMES is missing
                    /repeat 5            | /repeat TIMES [INTERVAL] COMMAND: COMMAND is missing
                    /repeat 5 1ms WHO    | /repeat TIMES [INTERVAL] COMMAND: '1ms' is less than 10ms
                    /repeat 5 /help      | /repeat TIMES [INTERVAL] COMMAND: COMMAND must be a command of the server
                    /repeat 5 quit       | /repeat TIMES [INTERVAL] COMMAND: QUIT works only once
                    /repeat 5 5x WHO     | /repeat TIMES [INTERVAL] COMMAND: '5x' is not a time like 500ms, 1.5s, 1m30s or 2h
                    /repeat 5 watch      | /repeat TIMES [INTERVAL] COMMAND: WATCH and UNWATCH are not to be repeated: type them alone
                    /watch               | /watch [INTERVAL] COMMAND: COMMAND is missing
                    /watch SERVERS       | /watch [INTERVAL] COMMAND: INTERVAL is missing; only WHO needs none
                    /watch WHO FRESH     | /watch [INTERVAL] COMMAND: INTERVAL is missing; only WHO needs none
                    /watch WHO nobody    | /watch [INTERVAL] COMMAND: expected WHO [SINCE revision] [SERVER s] [ADDR cidr] [NAME glob]
                    /watch 1s WHO ADDR x | /watch [INTERVAL] COMMAND: expected ADDR and an address block such as 10.0.0.0/8
                    /watch WATCH         | /watch [INTERVAL] COMMAND: WATCH and UNWATCH are not to be repeated: type them alone
                    /watch 0 WHO         | /watch [INTERVAL] COMMAND: '0' is less than 10ms
                    /watch 1s            | /watch [INTERVAL] COMMAND: COMMAND is missing
                    /top fast            | /top [INTERVAL]: 'fast' is not a time like 500ms, 1.5s, 1m30s or 2h
                    /top 1s WHO          | /top [INTERVAL]: 'WHO' is not expected
                    /plain on off        | "/plain [on|off]: 'off' is not expected"
                    /plain maybe         | "/plain [on|off]: use on or off"
                    """)
    void reportsWrongUseInOneLine(String line, String message) {
        Told told = new Told();
        assertThatThrownBy(() -> LocalCommand.run(line, told))
                .isInstanceOf(WrongUseException.class)
                .hasMessage(message);
        assertThat(told.told).isEmpty();
    }
}
