package io.socketz.it.dist;

import java.util.Arrays;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of a command line with its subcommands, in troff with the macros of man(7). */
final class ManPage {
    private final StringJoiner lines = new StringJoiner("\n", "", "\n");

    private ManPage() {}

    /**
     * The page as a whole.
     *
     * @param version that the page describes
     * @param date of that version, {@code 2026-11-22}
     */
    static String of(CommandLine line, String version, String date) {
        CommandSpec spec = line.getCommandSpec();
        String name = spec.name();
        ManPage page = new ManPage();
        page.macro("TH", name.toUpperCase(Locale.ROOT), "1", date, name + " " + version);
        page.macro("SH", "NAME");
        page.lines.add(text(name) + " \\- " + text(line(spec.usageMessage().description())));
        page.macro("SH", "SYNOPSIS");
        page.lines.add(bold(name) + " " + italic("COMMAND") + " [" + italic("OPTION") + "]...");
        page.macro("SH", "OPTIONS");
        spec.options().forEach(page::option);
        page.macro("SH", "COMMANDS");
        line.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(command -> !command.usageMessage().hidden())
                .forEach(page::command);
        page.macro("SH", "ENVIRONMENT");
        page.entry(bold("SOCKETZ_*"), line(spec.usageMessage().footer()));
        page.entry(bold("SOCKETZ_JAVA_OPTS"), "Options for the JVM.");
        page.entry(bold("JAVA_HOME"), "The JVM to run on, 17 or later; if it is not set, that of java on the PATH.");
        return page.lines.toString();
    }

    private void command(CommandSpec spec) {
        StringJoiner synopsis = new StringJoiner(" ");
        synopsis.add(spec.qualifiedName());
        if (!spec.options().isEmpty()) {
            synopsis.add("[OPTION]...");
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            synopsis.add(parameter.required() ? parameter.paramLabel() : "[" + parameter.paramLabel() + "]");
        }
        macro("SS", synopsis.toString());
        lines.add(text(line(spec.usageMessage().description())));
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            entry(italic(parameter.paramLabel()), line(parameter.description()));
        }
        spec.options().forEach(this::option);
        for (String paragraph : spec.usageMessage().footer()) {
            if (!paragraph.isEmpty()) {
                macro("PP");
                lines.add(text(paragraph));
            }
        }
    }

    private void option(OptionSpec option) {
        if (!option.hidden()) {
            entry(
                    Arrays.stream(option.names())
                            .map(name -> bold(negatable(option, name)) + value(option, name))
                            .collect(Collectors.joining(", ")),
                    line(option.description()));
        }
    }

    private static String negatable(OptionSpec option, String name) {
        return option.negatable() && name.startsWith("--") ? "--[no-]" + name.substring("--".length()) : name;
    }

    private static String value(ArgSpec option, String name) {
        if (option.arity().max() == 0) {
            return "";
        }
        String separator = name.startsWith("--") ? "=" : " ";
        return option.arity().min() == 0
                ? "[" + separator + italic(option.paramLabel()) + "]"
                : separator + italic(option.paramLabel());
    }

    /** A term, already marked, and what it means. */
    private void entry(String term, String meaning) {
        macro("TP");
        lines.add(term);
        lines.add(text(meaning));
    }

    private void macro(String name, String... arguments) {
        lines.add("." + name
                + Arrays.stream(arguments)
                        .map(argument -> " \"" + escaped(argument).replace("\"", "\\(dq") + "\"")
                        .collect(Collectors.joining()));
    }

    private static String line(String... texts) {
        return String.join(" ", texts).strip();
    }

    private static String bold(String word) {
        return "\\fB" + escaped(word) + "\\fR";
    }

    private static String italic(String word) {
        return "\\fI" + escaped(word) + "\\fR";
    }

    /** A line of text, which troff must not take for a macro. */
    private static String text(String text) {
        String line = escaped(text);
        return line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("~", "\\(ti");
    }
}
