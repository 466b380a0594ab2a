package io.socketz.server.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code socketz}: what the launcher script runs. */
@Command(
        name = "socketz",
        description = "A clustered TCP service that always knows who is connected.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        footer = {"", "Every option can also be set as an environment variable: SOCKETZ_PORT for --port."})
public final class Main implements Runnable {
    /** Exit status for a wrong command line: a wrong option or argument, or one that cannot be used here. */
    static final int USAGE_ERROR = CommandLine.ExitCode.USAGE;

    private static final String IN_CHECKOUT = "./socketz";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Main() {}

    /** What a user types to run it: {@code ./socketz} in a checkout, {@code socketz} where it is installed. */
    public static String launcher() {
        return System.getProperty("socketz.command", IN_CHECKOUT);
    }

    /** Runs the command in {@code args}, then ends the process with its exit status. */
    public static void main(String[] args) {
        System.exit(execute(commandLine(System.getenv()), args));
    }

    /**
     * Runs the command in {@code args} and returns its exit status; that of an error also if standard output could not be
     * written, because it is closed or the disk is full.
     */
    public static int execute(CommandLine line, String[] args) {
        StandardOutput out = new StandardOutput();
        line.setOut(new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true));
        int status = line.execute(args);
        line.getOut().flush();
        Optional<String> failure = out.failure();
        failure.ifPresent(why -> line.getErr().println(name(line) + ": cannot write standard output: " + why));
        return failure.isPresent() && status == CommandLine.ExitCode.OK ? CommandLine.ExitCode.SOFTWARE : status;
    }

    /** {@code socketz}, or {@code socketz ps}. */
    private static String name(CommandLine line) {
        CommandLine.ParseResult parsed = line.getParseResult();
        return (parsed != null && parsed.hasSubcommand() ? parsed.subcommand().commandSpec() : line.getCommandSpec())
                .qualifiedName();
    }

    static CommandLine commandLine(Map<String, String> environment) {
        return commandLine(environment, List.of());
    }

    /**
     * The command line, ready to be executed.
     *
     * @param environment where options come from that are not on the command line
     * @param more commands beside those of a server
     */
    public static CommandLine commandLine(Map<String, String> environment, List<?> more) {
        CommandLine line = new CommandLine(new Main()).addSubcommand(new ServeCommand(environment));
        more.forEach(line::addSubcommand);
        if (launcher().equals(IN_CHECKOUT)) {
            line.addSubcommand(new Verify());
        }
        CommandLine completion = new CommandLine(new AutoComplete.GenerateCompletion());
        completion
                .getCommandSpec()
                .name("completion")
                .usageMessage()
                .hidden(false)
                .description("Prints a completion script for bash: source <(" + launcher() + " completion)");
        line.addSubcommand("completion", completion);
        line.setDefaultValueProvider(new SettingsDefaults(environment, null));
        OptionValues.register(line);
        line.setParameterExceptionHandler((e, args) -> onUsageError(e, List.of(args)));
        line.setUsageHelpWidth(80);
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    /** Prints one line: what is wrong, and where to find help. A wrong variable must not keep anyone from the help itself. */
    private static int onUsageError(ParameterException e, List<String> args) {
        String source = SettingsDefaults.source(e);
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (!source.isEmpty() && args.stream().map(command::findOption).anyMatch(Main::isHelp)) {
            e.getCommandLine().usage(e.getCommandLine().getOut());
            return CommandLine.ExitCode.OK;
        }
        String message = e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
                ? "'" + unmatched.getUnmatched().get(0) + "' is "
                        + (command.parent() == null ? "not a command" : "not expected")
                : String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong usage");
        PrintWriter err = e.getCommandLine().getErr();
        err.println(command.qualifiedName() + ": " + message + source + suggestion(e) + command.qualifiedName()
                + " --help'");
        err.flush();
        return USAGE_ERROR;
    }

    private static boolean isHelp(@Nullable OptionSpec option) {
        return option != null && option.usageHelp();
    }

    /** What the user may have meant, if something is similar, and where to find help. */
    private static String suggestion(ParameterException e) {
        return similar(e)
                .map(similar -> "; did you mean '" + similar + "'? See '")
                .orElse("; see '");
    }

    private static Optional<String> similar(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        CommandSpec command = e.getCommandLine().getCommandSpec();
        String typed = unmatched.getUnmatched().get(0).split("=", 2)[0];
        return Spelling.nearest(
                typed,
                unmatched.isUnknownOption()
                        ? command.optionsMap().keySet()
                        : command.subcommands().keySet());
    }

    /** Listed here for help and completion only: the launcher script runs the tests, since it can build. */
    @Command(name = "verify", description = "Runs every test, after installing what the tests need.")
    static final class Verify implements Runnable {
        @Spec
        private CommandSpec spec = CommandSpec.create();

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "run it as ./socketz verify, from a checkout");
        }
    }
}
