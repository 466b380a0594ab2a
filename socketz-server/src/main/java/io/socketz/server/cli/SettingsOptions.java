package io.socketz.server.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of {@code serve} that say where other options come from, and whether they are only to be checked. */
final class SettingsOptions {
    private static final String CONFIG = "--config";
    private static final String CHECK = "--check";

    /** What other programs take for standard input. */
    private static final Path DASH = Path.of("-");

    @Option(
            names = CONFIG,
            paramLabel = "FILE",
            description = "File with options, one a line, such as port = 5151; options on the command line and"
                    + " environment variables win (default: none).")
    private @Nullable Path config;

    @Option(
            names = CHECK,
            fallbackValue = "true",
            description = "Check options, files, addresses and etcd, print the results, and exit.")
    private boolean check;

    /** Null if there is none, or it is not read yet. */
    private @Nullable SettingsFile file;

    /**
     * Reads the settings file, if there is one, and then the command line again: only that tells which options are not on
     * it. Fields with options have other values afterwards.
     *
     * @throws ParameterException if the file cannot be used, or a value in it is wrong
     */
    void load(CommandSpec command, Map<String, String> environment) {
        if (config == null) {
            return;
        }
        try {
            if (config.equals(DASH)) { // Under a supervisor it is empty, and would pass for a file without settings.
                throw new IOException("standard input is not read; a file of that name is ./-");
            }
            file = SettingsFile.read(config, command);
        } catch (IOException e) {
            throw new ParameterException(
                    command.commandLine(),
                    CONFIG + ": " + e.getMessage(),
                    e,
                    command.findOption(CONFIG),
                    config.toString());
        }
        command.commandLine().setDefaultValueProvider(new SettingsDefaults(environment, file));
        CommandLine whole = command.root().commandLine();
        List<String> arguments = whole.getParseResult().originalArgs();
        whole.parseArgs(arguments.toArray(String[]::new));
    }

    /** Whether to check rather than to serve. */
    boolean isCheck() {
        return check;
    }

    /** {@code options}, and how many of them are in the file. */
    String summary() {
        return file == null ? "options" : "options, with " + file;
    }
}
