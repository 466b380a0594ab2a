package io.socketz.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Map<String, String> environment, String... args) {
        CommandLine line = Main.commandLine(environment);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return line.execute(args);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    --port x                  | Invalid value for option '--port': 'x' is not a number from 0 to 65535
                    -p 65536                  | Invalid value for option '--port': '65536' is not a number from 0 to 65535
                    --loops -1                | Invalid value for option '--loops': '-1' is not a number from 0 to 1000000000
                    --max-line 0              | Invalid value for option '--max-line': '0' is not a number from 1 to 1000000000
                    --idle-timeout 5x         | Invalid value for option '--idle-timeout': '5x' is not a time like 500ms, 1.5s, 1m30s or 2h
                    --proxy-from 10.0.0.0/33  | Invalid value for option '--proxy-from': '10.0.0.0/33' is not an address block: prefix length 0 to 32
                    --config=                 | Invalid value for option '--config': '' is not a path
                    --admin-tokens=           | Invalid value for option '--admin-tokens': '' is not a path
                    --name=a\u0007b          | name: has control characters
                    --rebalance               | --rebalance needs --agent-port
                    --rebalance-after 1s      | --rebalance-after needs --rebalance
                    --rebalance --agent-port 0 | --rebalance needs --state etcd or --state gateway
                    -x                        | Unknown option: '-x'
                    surplus                   | 'surplus' is not expected
                    """)
    void anErrorExplainsInOneLineWhatIsWrong(String args, String message) {
        assertThat(run(Map.of(), ("serve " + args).split(" "))).isEqualTo(2);
        assertThat(err).hasToString("socketz serve: " + message + "; see 'socketz serve --help'\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void anErrorNamesTheInvalidEnvironmentVariable() {
        assertThat(run(Map.of("SOCKETZ_PORT", "eighty"), "serve")).isEqualTo(2);
        assertThat(err)
                .hasToString("socketz serve: Invalid value for option '--port': 'eighty' is not a number from 0 to"
                        + " 65535 (from SOCKETZ_PORT); see 'socketz serve --help'\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help"})
    void aWrongEnvironmentVariableDoesNotPreventTheHelp(String help) {
        assertThat(run(Map.of("SOCKETZ_PORT", "eighty"), "serve", help)).isZero();
        assertThat(out.toString()).startsWith("Usage: socketz serve ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aCommandIsRequired() {
        assertThat(run(Map.of())).isEqualTo(2);
        assertThat(err).hasToString("socketz: a command is missing; see 'socketz --help'\n");
    }

    @Test
    void anUnknownCommandCausesASuggestion() {
        assertThat(run(Map.of(), "sevre")).isEqualTo(2);
        assertThat(err).hasToString("socketz: 'sevre' is not a command; did you mean 'serve'? See 'socketz --help'\n");
    }

    @Test
    void anUnknownOptionCausesASuggestion() {
        assertThat(run(Map.of(), "serve", "--prot", "1")).isEqualTo(2);
        assertThat(err)
                .hasToString("socketz serve: Unknown options: '--prot', '1'; did you mean '--port'? See 'socketz serve"
                        + " --help'\n");
    }

    @Test
    void aFileOfTokensThatCannotBeUsedIsAWrongCommandLine() {
        String complaint = "--admin-tokens: /no/such: no such file";
        assertThat(run(Map.of(), "serve", "--port=0", "--admin-tokens=/no/such"))
                .isEqualTo(2);
        assertThat(err.toString())
                .startsWith("socketz serve: " + complaint + "; see")
                .hasLineCount(1);
        assertThat(run(Map.of("SOCKETZ_ADMIN_TOKENS", "/no/such"), "serve", "--port=0"))
                .isEqualTo(2);
        assertThat(err.toString()).contains(complaint + " (from SOCKETZ_ADMIN_TOKENS)");
    }

    @Test
    void theHelpExplainsEveryOptionWithin80Columns() {
        assertThat(run(Map.of(), "serve", "--help")).isZero();
        assertThat(run(Map.of(), "--help")).isZero();
        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        for (var option :
                new CommandLine(new ServeCommand(Map.of())).getCommandSpec().options()) {
            assertThat(out.toString()).contains(option.longestName());
            assertThat(option.description()).as(option.longestName()).isNotEmpty();
        }
    }
}
