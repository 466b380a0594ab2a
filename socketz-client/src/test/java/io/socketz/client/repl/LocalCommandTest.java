package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                    /watch 2m WHO        | watch PT2M WHO
                    /watch 1 WHO         | watch PT1S WHO
                    /watch 1m30s WHO     | watch PT1M30S WHO
                    /watch 1.5s WHO      | watch PT1.5S WHO
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
                    Watch 1s WHO         | did you mean /watch INTERVAL COMMAND?
                    nonsense             | /help lists the commands, /quit leaves
                    """)
    void suggestsTheLikelyCommand(String line, String hint) {
        assertThat(LocalCommand.hint(line)).isEqualTo(hint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    /                    | no such local command: see /help
                    /nonsense            | no such local command: see /help
                    /help me             | /help: 'me' is too much
                    /latency soon        | /latency [TIMES]: 'soon' is not a number from 1 to 1000000
                    /latency 0           | /latency [TIMES]: '0' is not a number from 1 to 1000000
                    /repeat              | /repeat TIMES [INTERVAL] COMMAND: TIMES is missing
                    /repeat 5            | /repeat TIMES [INTERVAL] COMMAND: COMMAND is missing
                    /repeat 5 1ms WHO    | /repeat TIMES [INTERVAL] COMMAND: '1ms' is less than 10ms
                    /repeat 5 /help      | /repeat TIMES [INTERVAL] COMMAND: COMMAND must be a command of the server
                    /repeat 5 quit       | /repeat TIMES [INTERVAL] COMMAND: QUIT works only once
                    /repeat 5 5x WHO     | /repeat TIMES [INTERVAL] COMMAND: '5x' is not a time like 500ms, 1.5s, 1m30s or 2h
                    /watch               | /watch INTERVAL COMMAND: INTERVAL is missing
                    /watch WHO           | /watch INTERVAL COMMAND: 'WHO' is not a time like 500ms, 1.5s, 1m30s or 2h
                    /watch 0 WHO         | /watch INTERVAL COMMAND: '0' is less than 10ms
                    /watch 1s            | /watch INTERVAL COMMAND: COMMAND is missing
                    /plain on off        | "/plain [on|off]: 'off' is too much"
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
