package io.socketz.client.repl;

import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import java.util.ArrayList;
import java.util.List;

/** The text of {@code /help}: both tables of commands, and the keys. */
final class Help {
    private static final List<String> KEYS = List.of(
            "Tab completes; Up and Ctrl-R find earlier lines; Ctrl-C clears the line or stops",
            "a running command; Ctrl-D leaves.");

    private static final int INDENT = 15;

    /** A window of fewer columns has less room to the left of what a command does. */
    private static final int NARROW = 60;

    private static final int NARROW_INDENT = 4;

    private Help() {}

    /** Both tables, wrapped to the width of the window, where words allow it. */
    static List<String> lines(int columns) {
        List<String> lines = new ArrayList<>();
        for (CommandRow row : BuiltInCommands.TABLE.rows()) {
            lines.addAll(entry(row.syntax(), row.help(), columns));
        }
        lines.addAll(local(columns));
        return lines;
    }

    /** The local commands and the keys alone. */
    static List<String> local(int columns) {
        List<String> lines = new ArrayList<>();
        for (LocalCommand command : LocalCommand.values()) {
            lines.addAll(entry(command.usage(), command.help(), columns));
        }
        lines.addAll(wrapped("", String.join(" ", KEYS), "", columns));
        return lines;
    }

    /** One command: how it is written, and beside or below that what it does. */
    static List<String> entry(String usage, String help, int columns) {
        String indent = " ".repeat(columns < NARROW ? NARROW_INDENT : INDENT);
        if (usage.length() < indent.length()) {
            return wrapped(usage + " ".repeat(indent.length() - usage.length()), help, indent, columns);
        }
        List<String> lines = new ArrayList<>(wrapped("", usage, "", columns));
        lines.addAll(wrapped(indent, help, indent, columns));
        return lines;
    }

    /**
     * The words of {@code text} in lines.
     *
     * @param begun the beginning of the first line
     * @param indent of the others
     */
    private static List<String> wrapped(String begun, String text, String indent, int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(begun);
        int start = begun.length();
        for (String word : text.split(" ", -1)) {
            if (line.length() > start && line.length() + word.length() > columns) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(indent);
                start = indent.length();
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
