package io.socketz.it.dist;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The completion function of a command line with its subcommands, for the function path of zsh (zshcompsys(1)). */
final class ZshCompletion {
    private ZshCompletion() {}

    static String of(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        StringJoiner lines = new StringJoiner("\n", "", "\n");
        lines.add("#compdef " + spec.name());
        lines.add("local context state state_descr line");
        lines.add("local -a commands");
        lines.add("typeset -A opt_args");
        lines.add("_arguments -C" + arguments(spec) + " ':command:->command' '*::argument:->argument'");
        lines.add("case $state in");
        lines.add("command)");
        lines.add("    commands=(");
        for (CommandSpec command : commands(line)) {
            lines.add("        "
                    + quoted(command.name() + ":"
                            + String.join(" ", command.usageMessage().description())));
        }
        lines.add("    )");
        lines.add("    _describe command commands ;;");
        lines.add("argument)");
        lines.add("    case $words[1] in");
        for (CommandSpec command : commands(line)) {
            lines.add("    " + command.name() + ") _arguments" + arguments(command) + " ;;");
        }
        lines.add("    esac ;;");
        lines.add("esac");
        return lines.toString();
    }

    private static List<CommandSpec> commands(CommandLine line) {
        return line.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.usageMessage().hidden())
                .toList();
    }

    /** The words for _arguments, each after a space. */
    private static String arguments(CommandSpec spec) {
        StringBuilder words = new StringBuilder();
        spec.options().stream().filter(option -> !option.hidden()).forEach(option -> {
            String others = option.isMultiValue() ? "*" : "(" + String.join(" ", option.names()) + ")";
            String meaning = "[" + escaped(String.join(" ", option.description())) + "]"
                    + (option.arity().max() == 0 ? "" : value(option));
            for (String name : option.names()) {
                words.append(' ').append(quoted(others + name + suffix(option, name) + meaning));
            }
            if (option.negatable()) {
                String name = "--no-" + option.longestName().substring("--".length());
                words.append(' ').append(quoted(name + meaning));
            }
        });
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            words.append(' ')
                    .append(quoted((parameter.required() ? ":" : "::")
                            + value(parameter).substring(1)));
        }
        return words.toString();
    }

    /** How the value follows: {@code --port=1} or {@code --port 1}; {@code -p1} or {@code -p 1}. */
    private static String suffix(OptionSpec option, String name) {
        if (option.arity().max() == 0) {
            return "";
        }
        return name.startsWith("--") ? "=" : "+";
    }

    private static String value(ArgSpec argument) {
        return ":" + argument.paramLabel().replace(":", "\\:") + ":" + candidates(argument);
    }

    private static String candidates(ArgSpec argument) {
        if (argument.completionCandidates() != null) {
            return StreamSupport.stream(argument.completionCandidates().spliterator(), false)
                    .collect(Collectors.joining(" ", "(", ")"));
        }
        boolean isFile = Arrays.asList(File.class, Path.class).contains(argument.type());
        return isFile ? "_files" : " ";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]");
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
