package io.socketz.server.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Takes options that are not on the command line from the environment: {@code --port} from {@code SOCKETZ_PORT}. */
final class EnvironmentDefaults implements IDefaultValueProvider {
    private final Map<String, String> environment;

    EnvironmentDefaults(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * An empty variable counts as not set, as does one that Kubernetes sets for a Service; SOCKETZ_HELP and SOCKETZ_VERSION, which images may set, are not
     * options.
     */
    @Override
    public @Nullable String defaultValue(ArgSpec spec) {
        if (spec instanceof OptionSpec option && !option.usageHelp() && !option.versionHelp()) {
            String value = environment.get(variable(option));
            return value == null || value.isEmpty() || ServiceLinks.isSet(variable(option), value) ? null : value;
        }
        return null;
    }

    static String variable(OptionSpec option) {
        String name = option.longestName().substring("--".length());
        return "SOCKETZ_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
