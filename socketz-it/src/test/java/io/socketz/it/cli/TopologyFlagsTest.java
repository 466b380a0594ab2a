package io.socketz.it.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Flags that are also set as variables: without a fallback value, picocli turns them off. */
class TopologyFlagsTest {
    private static boolean isFlag(OptionSpec option) {
        return option.arity().max() == 0 && !option.usageHelp() && !option.versionHelp();
    }

    /** Whether {@code COMMAND --FLAG} turns the flag on though {@code SOCKETZ_FLAG} is true. */
    private static boolean isOn(CommandSpec command, String flag) {
        String variable =
                "SOCKETZ_" + flag.substring("--".length()).replace('-', '_').toUpperCase(Locale.ROOT);
        List<String> arguments = new ArrayList<>(List.of(command.name(), flag));
        if (command.positionalParameters().stream()
                .anyMatch(each -> each.arity().min() > 0)) {
            arguments.add("server01");
        }
        return SocketzMain.commandLine(Map.of(variable, "true"))
                .parseArgs(arguments.toArray(String[]::new))
                .subcommand()
                .commandSpec()
                .findOption(flag)
                .getValue();
    }

    @Test
    void everyFlagOfEveryCommandStaysOnWhenItsVariableSaysSoToo() {
        List<String> tried = new ArrayList<>();
        SocketzMain.commandLine(Map.of()).getSubcommands().values().forEach(line -> {
            CommandSpec command = line.getCommandSpec();
            command.options().stream()
                    .filter(TopologyFlagsTest::isFlag)
                    .map(OptionSpec::longestName)
                    .forEach(flag -> {
                        String words = command.name() + " " + flag;
                        assertThat(isOn(command, flag))
                                .as(words + " (fallbackValue)")
                                .isTrue();
                        tried.add(words);
                    });
        });
        assertThat(tried).contains("up --detach", "ps --json", "logs --follow", "connect --plain", "serve --verbose");
    }
}
