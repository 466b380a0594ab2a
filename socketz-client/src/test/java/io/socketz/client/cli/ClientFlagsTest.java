package io.socketz.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.bench.BenchCommand;
import io.socketz.server.cli.Main;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Flags of the client's commands that are also set as variables: without a fallback value, picocli turns them off. */
class ClientFlagsTest {
    private static CommandSpec parse(Map<String, String> environment, String... arguments) {
        return Main.commandLine(environment, List.of(new ConnectCommand(), new ServersCommand(), new BenchCommand()))
                .parseArgs(arguments)
                .subcommand()
                .commandSpec();
    }

    private static Object valueOf(Map<String, String> environment, String command, String flag) {
        return parse(environment, command, flag).findOption(flag).getValue();
    }

    private static String variable(OptionSpec option) {
        return "SOCKETZ_"
                + option.longestName()
                        .substring("--".length())
                        .replace('-', '_')
                        .toUpperCase(Locale.ROOT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect", "servers", "bench"})
    void everyFlagStaysOnWhenItsVariableSaysSoToo(String command) {
        List<OptionSpec> flags = parse(Map.of(), command).options().stream()
                .filter(option -> option.arity().max() == 0)
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .toList();
        assertThat(flags).extracting(OptionSpec::longestName).contains("--json", "--tls");
        for (OptionSpec flag : flags) {
            for (String value : List.of("true", "false")) {
                assertThat(valueOf(Map.of(variable(flag), value), command, flag.longestName()))
                        .as(flag.longestName() + " and " + variable(flag) + "=" + value)
                        .isEqualTo(true);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"--reconnect, true", "--no-reconnect, false"})
    void whetherToReconnectIsWhatTheCommandLineSays(String flag, boolean reconnects) {
        for (String value : List.of("true", "false")) {
            assertThat(parse(Map.of("SOCKETZ_RECONNECT", value), "connect", flag)
                            .findOption("--reconnect")
                            .<Boolean>getValue())
                    .as(flag + " and SOCKETZ_RECONNECT=" + value)
                    .isEqualTo(reconnects);
        }
        assertThat(parse(Map.of(), "connect", flag).findOption("--reconnect").<Boolean>getValue())
                .isEqualTo(reconnects);
    }

    @Test
    void aFlagThatOnlyItsVariableSetsIsSet() {
        assertThat(parse(Map.of("SOCKETZ_JSON", "true"), "servers")
                        .findOption("--json")
                        .<Boolean>getValue())
                .isTrue();
        assertThat(parse(Map.of(), "connect").findOption("--reconnect").<Boolean>getValue())
                .as("the default depends on what is done")
                .isNull();
    }
}
