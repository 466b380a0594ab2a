package io.socketz.client.repl;

import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.CommandTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What may follow what was typed, from the two tables of commands: for hints and completion. Pure. */
final class Hints {
    /** The name of an argument that is a verb of the server. */
    private static final String VERB = "[verb]";

    /** A row of either table: words, of which those in capitals after a local command are to be filled in. */
    private record Row(List<String> words, boolean local, String help) {
        String text() {
            return String.join(" ", words);
        }
    }

    private final CommandTable commands;
    private final List<Row> rows = new ArrayList<>();

    /**
     * Hints for a server.
     *
     * @param commands what it understands
     */
    Hints(CommandTable commands) {
        this.commands = commands;
        for (CommandRow row : commands.rows()) {
            rows.add(new Row(List.of(row.syntax().split(" ")), false, row.help()));
        }
        for (LocalCommand command : LocalCommand.values()) {
            List<String> words = new ArrayList<>(List.of("/" + command.word()));
            words.addAll(command.arguments());
            rows.add(new Row(words, true, command.help()));
        }
    }

    /**
     * What to show after {@code typed}: the rest of the only command that begins so, and its help; or the commands that
     * do; or the arguments that may follow. Empty if nothing does.
     */
    String behind(String typed) {
        String line = slashed(typed.toUpperCase(Locale.ROOT));
        if (line.isBlank()) {
            return "";
        }
        List<Row> begun = new ArrayList<>();
        for (Row row : rows) {
            String text = row.text().toUpperCase(Locale.ROOT);
            if (text.equals(line)) {
                return "  " + row.help();
            }
            if (text.startsWith(line)) {
                begun.add(row);
            }
        }
        if (begun.isEmpty()) {
            return line.startsWith("/") ? behindLocalWords(line) : behindArguments(typed);
        }
        if (begun.size() > 1) {
            int word = complete(line).size();
            return "  "
                    + begun.stream()
                            .map(row -> row.words().get(word))
                            .distinct()
                            .collect(Collectors.joining(" "));
        }
        Row only = begun.get(0);
        return only.text().substring(line.length()) + "  " + only.help();
    }

    /** After a local command and some of its words: those that are missing. */
    private String behindLocalWords(String line) {
        String[] typed = line.strip().split("\\s+", -1);
        for (Row row : rows) {
            if (row.local() && row.words().get(0).equalsIgnoreCase(typed[0])) {
                int given = Math.min(typed.length, row.words().size());
                String missing =
                        String.join(" ", row.words().subList(given, row.words().size()));
                return missing.isEmpty() ? "" : (line.endsWith(" ") ? "" : " ") + missing;
            }
        }
        return "";
    }

    /** After a command of the server and some of its arguments: those that may follow, or the rest of the one that has begun. */
    private String behindArguments(String typed) {
        List<String> complete = complete(typed);
        String begun = typed.endsWith(" ") ? "" : lastWord(typed).toUpperCase(Locale.ROOT);
        List<String> following = following(complete);
        if (begun.isEmpty()) {
            return String.join(" ", following);
        }
        List<String> options = following.stream()
                .filter(Hints::isOption)
                .map(Hints::withoutBrackets)
                .filter(option -> option.startsWith(begun))
                .toList();
        if (options.size() == 1) {
            return options.get(0).substring(begun.length());
        }
        return options.isEmpty() ? "" : "  " + String.join(" ", options);
    }

    /** What the word at {@code index} may be, where those before it are {@code words}. */
    List<String> candidates(List<String> words, int index) {
        if (index > 0 && slashed(words.get(0)).startsWith("/")) {
            return behindLocal(words, index);
        }
        List<String> before = words.subList(0, index);
        if (index > 0) {
            return Stream.concat(nextWords(before), arguments(before))
                    .distinct()
                    .toList();
        }
        boolean dotted = words.get(0).startsWith(".");
        Stream<String> local = Arrays.stream(LocalCommand.values()).map(each -> (dotted ? "." : "/") + each.word());
        return Stream.concat(nextWords(before), local).distinct().toList();
    }

    /** The words of the server's commands that may follow those before. */
    private Stream<String> nextWords(List<String> before) {
        return commands.rows().stream()
                .map(Hints::words)
                .filter(words -> words.size() > before.size() && isBegunBy(before, words))
                .map(words -> words.get(before.size()));
    }

    /** The flags and keywords that may follow, and verbs where one may. */
    private Stream<String> arguments(List<String> before) {
        List<String> following = following(before);
        Stream<String> verbs = following.contains(VERB) ? nextWords(List.of()) : Stream.empty();
        Stream<String> options = following.stream()
                .filter(Hints::isOption)
                .map(option -> withoutBrackets(option).split(" ", 2)[0]);
        return Stream.concat(verbs, options);
    }

    /** What may follow the words of a command of the server, and some of its arguments. */
    private List<String> following(List<String> before) {
        return commands.rows().stream()
                .filter(row -> words(row).size() <= before.size() && isBegunBy(words(row), before))
                .max(Comparator.comparing(row -> words(row).size()))
                .map(row -> row.following(before.subList(words(row).size(), before.size())))
                .orElse(List.of());
    }

    /** Where a local command wants one of the server's, those. */
    private List<String> behindLocal(List<String> words, int index) {
        String first = slashed(words.get(0));
        for (LocalCommand command : LocalCommand.values()) {
            if (!first.equalsIgnoreCase("/" + command.word())) {
                continue;
            }
            if (command == LocalCommand.PLAIN && index == 1) {
                return List.of("on", "off");
            }
            int at = start(command, words, index);
            return at > 0 && at <= index
                    ? candidates(words.subList(at, words.size()), index - at).stream()
                            .filter(word -> !word.startsWith("/"))
                            .toList()
                    : List.of();
        }
        return List.of();
    }

    /** Where the command of the server begins, as a word of the line; 0 if there is none. */
    private static int start(LocalCommand command, List<String> words, int index) {
        int at = command.arguments().indexOf("COMMAND") + 1;
        if (at == 0) {
            return 0;
        }
        long optional = command.arguments().stream()
                .filter(each -> each.startsWith("["))
                .count();
        // An interval that may be left out was, unless it is there.
        boolean isThere = at - 1 < index && Arguments.isTime(words.get(at - 1));
        return optional > 0 && !isThere ? at - 1 : at;
    }

    private static List<String> words(CommandRow row) {
        return List.of(row.words().split(" "));
    }

    /** Whether {@code words} begin with {@code beginning}, in any case. */
    private static boolean isBegunBy(List<String> beginning, List<String> words) {
        for (int i = 0; i < beginning.size(); i++) {
            if (!words.get(i).equalsIgnoreCase(beginning.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** A flag or a keyword, as opposed to the name of a value. */
    private static boolean isOption(String argument) {
        return argument.startsWith("[") && Character.isUpperCase(argument.charAt(1));
    }

    private static String withoutBrackets(String option) {
        return option.substring(1, option.length() - 1);
    }

    /** The words of a line after which there is a blank. */
    private static List<String> complete(String line) {
        List<String> words = Stream.of(line.strip().split("\\s+", -1))
                .filter(Predicate.not(String::isEmpty))
                .toList();
        return line.endsWith(" ") || words.isEmpty() ? words : words.subList(0, words.size() - 1);
    }

    private static String lastWord(String line) {
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    /** With a slash where a dot was typed. */
    private static String slashed(String typed) {
        return typed.startsWith(".") ? "/" + typed.substring(1) : typed;
    }
}
