package io.socketz.server.cli;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * Text in the format of {@link Properties}, which itself tells neither the line of a key nor that a key stands twice. So
 * each of its logical lines is loaded alone.
 */
final class SettingsText {
    /** A natural line without a key; Java counts blanks, tabs and form feeds as white space. */
    private static final Pattern COMMENT = Pattern.compile("[ \t\f]*([#!].*)?", Pattern.DOTALL);

    /**
     * What a key is set to.
     *
     * @param value without blanks around it: no option takes any, and nobody sees them at the end of a line
     * @param line where its key is, counted from 1
     */
    record Setting(String value, int line) {}

    private SettingsText() {}

    /**
     * The settings in {@code text}, by key, in order.
     *
     * @throws IllegalArgumentException if it is malformed, or has a key twice; with a message of one line
     */
    static Map<String, Setting> parse(String text) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        int number = 0;
        for (Iterator<String> lines = text.lines().iterator(); lines.hasNext(); ) {
            StringBuilder logical = new StringBuilder(lines.next());
            int first = ++number;
            if (COMMENT.matcher(logical).matches()) {
                continue; // A comment does not go on in the next line.
            }
            for (String last = logical.toString(); continues(last) && lines.hasNext(); number++) {
                last = lines.next();
                logical.append('\n').append(last);
            }
            Properties loaded = load(logical.toString(), first);
            for (String key : loaded.stringPropertyNames()) {
                Setting before = settings.put(
                        printable(key), new Setting(loaded.getProperty(key).strip(), first));
                if (before != null) {
                    throw new IllegalArgumentException(
                            printable(key) + " stands twice, in line " + before.line + " and in line " + first);
                }
            }
        }
        return settings;
    }

    /** Whether a line ends with a backslash that does not itself follow one. */
    private static boolean continues(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
    }

    private static Properties load(String logical, int line) {
        Properties loaded = new Properties();
        try {
            loaded.load(new StringReader(logical));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("line " + line + ": \\u without four hexadecimal digits", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // never from a string
        }
        return loaded;
    }

    /** In one line: no key of an option has a control character. */
    private static String printable(String key) {
        return key.replaceAll("\\p{Cntrl}", "?");
    }
}
