package io.socketz.client.repl;

import java.util.ArrayList;
import java.util.List;

/** The text of {@code /help}: both tables of commands, and the keys. */
final class Help {
    private static final List<String> KEYS = List.of(
            "Tab completes, Up and Ctrl-R find earlier lines, Ctrl-C clears the line or stops",
            "a running command, Ctrl-D leaves.");

    private Help() {}

    /** Wrapped to the width of the window, where words allow it. */
    static List<String> lines(int columns) {
        List<String> lines = new ArrayList<>();
        Hints.table().forEach((usage, help) -> {
            String line = String.format("%-32s %s", usage, help);
            if (line.length() <= columns) {
                lines.add(line);
            } else {
                lines.add(usage);
                lines.addAll(wrapped(help, "    ", columns));
            }
        });
        lines.addAll(wrapped(String.join(" ", KEYS), "", columns));
        return lines;
    }

    private static List<String> wrapped(String text, String indent, int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.split(" ", -1)) {
            if (line.length() > indent.length() && line.length() + word.length() > columns) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }
}
