package io.socketz.server.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Takes options that are not on the command line from the environment or else from a settings file. */
final class SettingsDefaults implements IDefaultValueProvider {
    private final EnvironmentDefaults environment;
    private final @Nullable SettingsFile file;

    /** @param file null if there is none */
    SettingsDefaults(Map<String, String> environment, @Nullable SettingsFile file) {
        this.environment = new EnvironmentDefaults(environment);
        this.file = file;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec spec) {
        String value = environment.defaultValue(spec);
        return value == null && file != null && spec instanceof OptionSpec option ? file.value(option) : value;
    }

    /** Says where the wrong value came from, if it came from here: {@code " (from SOCKETZ_PORT)"}; empty otherwise. */
    static String source(ParameterException e) {
        return e.getCommandLine().getDefaultValueProvider() instanceof SettingsDefaults defaults
                        && e.getArgSpec() instanceof OptionSpec option
                        && e.getValue() != null
                        && e.getValue().equals(defaults.defaultValue(option))
                ? " (from " + defaults.place(option) + ")"
                : "";
    }

    /** An error that says where the option came from, if it came from here. */
    static ParameterException error(CommandLine command, String option, String what) {
        OptionSpec spec = command.getCommandSpec().findOption(option);
        IDefaultValueProvider defaults = command.getDefaultValueProvider();
        String value = null;
        if (!command.getParseResult().hasMatchedOption(spec) && defaults instanceof SettingsDefaults here) {
            value = here.defaultValue(spec);
        }
        return new ParameterException(command, option + what, null, spec, value);
    }

    private String place(OptionSpec option) {
        String variable = EnvironmentDefaults.variable(option);
        return file == null || environment.defaultValue(option) != null
                ? variable
                : file.place(option).orElse(variable);
    }
}
