package io.socketz.protocol.request;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that a row takes, read from its syntax, in this order:
 *
 * <pre>{@code
 *   name...        words that must be there: KICK id
 *   [name]         the rest of the line, blanks included; may be missing: PING [text]
 *   [WORD]         a flag       } in any case and order, each once at most, and instead of the rest of the line:
 *   [WORD name]    a keyword    } WHO LONG [FRESH] [LIMIT n]
 * }</pre>
 *
 * The name of a value tells its {@link ArgumentType}. Immutable.
 */
final class ArgumentSyntax {
    /** What follows the words of a row: required names, and then either a text or optional words. */
    static final Pattern FORM = Pattern.compile("((?: [a-z]+)*)(?: \\[([a-z]+)]|((?: \\[[A-Z]+(?: [a-z]+)?])*))");

    private static final Pattern OPTION = Pattern.compile("\\[([A-Z]+)(?: ([a-z]+))?]");

    /** The name of a word that only its sender may know. */
    private static final String SECRET = "token";

    private final String syntax;

    private final List<String> required;

    /** The name of the rest of the line; null if there may be none. */
    private final @Nullable String text;

    /** The flags and keywords, each with the name of its value; flags with an empty one. */
    private final Map<String, String> options = new LinkedHashMap<>();

    /**
     * The arguments of a row.
     *
     * @param syntax of the whole row
     * @param arguments the part of it that follows its words, in this {@link #FORM}
     * @throws IllegalArgumentException if it does not have this form, or a name is used twice
     */
    ArgumentSyntax(String syntax, String arguments) {
        Matcher matcher = FORM.matcher(arguments);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not the syntax of a command: " + syntax);
        }
        this.syntax = syntax;
        this.required = words(matcher.group(1));
        this.text = matcher.group(2);
        if (matcher.group(3) != null) {
            Matcher option = OPTION.matcher(matcher.group(3));
            while (option.find()) {
                String name = option.group(2) == null ? "" : option.group(2);
                if (options.put(option.group(1), name) != null) {
                    throw new IllegalArgumentException("an argument appears twice: " + syntax);
                }
            }
        }
        if (required.stream().distinct().count() < required.size() || required.contains(text)) {
            throw new IllegalArgumentException("an argument appears twice: " + syntax);
        }
    }

    /** Whether there may be none at all. */
    boolean areNone() {
        return required.isEmpty() && text == null && options.isEmpty();
    }

    /** Whether all may be left out. */
    boolean areOptional() {
        return required.isEmpty();
    }

    /** Whether one of them proves who somebody is, by its name: nobody else may see it. */
    boolean haveSecret() {
        return required.contains(SECRET);
    }

    /** Whether the only argument is a text of any form. */
    boolean areText() {
        return required.isEmpty() && text != null && ArgumentType.of(text) == ArgumentType.ANY;
    }

    /** The error for bytes that are not text at all: of another encoding, with control characters, or too many. */
    BadArgumentException notText() {
        if (areNone()) {
            return wrong();
        }
        ArgumentType only = required.isEmpty() && text != null ? ArgumentType.of(text) : ArgumentType.ANY;
        return only == ArgumentType.ANY
                ? new BadArgumentException("expected " + syntax + ": UTF-8 without control characters, at most "
                        + Command.MAX_TEXT_BYTES + " bytes after the command")
                : new BadArgumentException(only.code(), "expected " + only.expected());
    }

    /**
     * Reads the arguments in {@code line}.
     *
     * @param line what follows the words of the row, without blanks at either end
     * @throws BadArgumentException if they are not as the syntax says
     */
    CommandArguments parse(String line) {
        Map<String, String> values = new HashMap<>();
        String rest = line;
        for (String name : required) {
            if (rest.isEmpty()) {
                throw wrong();
            }
            String word = firstWord(rest);
            rest = rest.substring(word.length()).strip();
            values.put(name, checked("", name, word));
        }
        if (text != null) {
            if (!rest.isEmpty()) {
                values.put(text, checked("", text, rest));
            }
            return new CommandArguments(values);
        }
        parseOptions(words(rest), values);
        return new CommandArguments(values);
    }

    /**
     * What may follow the words {@code given}, as the syntax writes it: the name of the value that comes next, {@code n};
     * the text, {@code [text]}; or the flags and keywords that are left, {@code [LIMIT n]}. Empty if nothing may.
     */
    List<String> following(List<String> given) {
        if (given.size() < required.size()) {
            return List.of(required.get(given.size()));
        }
        if (text != null) {
            return given.size() == required.size() ? List.of("[" + text + "]") : List.of();
        }
        Map<String, String> left = new LinkedHashMap<>(options);
        for (int i = required.size(); i < given.size(); i++) {
            String name = left.remove(capitals(given.get(i)));
            if (name == null) {
                return List.of();
            }
            if (!name.isEmpty()) {
                i++;
                if (i == given.size()) {
                    return List.of(name);
                }
            }
        }
        return left.entrySet().stream()
                .map(option -> "[" + (option.getKey() + " " + option.getValue()).strip() + "]")
                .toList();
    }

    private void parseOptions(List<String> words, Map<String, String> values) {
        for (int i = 0; i < words.size(); i++) {
            String word = capitals(words.get(i));
            String name = options.get(word);
            if (name == null) {
                throw wrong();
            }
            if (values.containsKey(word)) {
                throw new BadArgumentException("expected " + word + " once");
            }
            if (!name.isEmpty()) {
                i++;
            }
            values.put(word, name.isEmpty() ? "" : checked(word, name, i < words.size() ? words.get(i) : ""));
        }
    }

    /**
     * Checks a value.
     *
     * @param keyword before it, or empty
     * @param value empty if it is missing
     */
    private String checked(String keyword, String name, String value) {
        ArgumentType type = ArgumentType.of(name);
        if (!value.isEmpty() && type.admits(value)) {
            return value;
        }
        if (type == ArgumentType.ANY) {
            throw wrong();
        }
        throw new BadArgumentException(
                type.code(), "expected " + (keyword.isEmpty() ? "" : keyword + " and ") + type.expected());
    }

    private BadArgumentException wrong() {
        return new BadArgumentException("expected " + (areNone() ? "nothing after " : "") + syntax);
    }

    private static String firstWord(String text) {
        int blank = text.indexOf(' ');
        return blank < 0 ? text : text.substring(0, blank);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.split(" ", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    /** In capitals, as far as letters are of US-ASCII: others also have capitals among A to Z. */
    private static String capitals(String word) {
        StringBuilder out = new StringBuilder(word.length());
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            out.append(c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c);
        }
        return out.toString();
    }
}
