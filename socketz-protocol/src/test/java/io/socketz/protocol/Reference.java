package io.socketz.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.Request;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The expected output of the telnet filter, line framer and parser for a complete input. It is written to be obviously
 * correct rather than fast: it sees the whole input at once and keeps no state from one byte to the next.
 */
public final class Reference {
    /** Replaces a line that is too long in a list of lines. */
    public static final String TOO_LONG = "<too long>";

    private static final int IAC = 255;

    /** Matches the lines of each row, ignoring the case of US-ASCII only; the group is the text after the words. */
    private static final Map<CommandRow, Pattern> LINES = BuiltInCommands.TABLE.rows().stream()
            .collect(Collectors.toMap(
                    row -> row,
                    row -> Pattern.compile(
                            "(?is)[ \t]*" + row.words().replace(" ", "[ \t]+") + "(?:[ \t]+(.*?))??[ \t]*")));

    private Reference() {}

    /**
     * The data that remains, and the refusals that are sent back.
     *
     * @param data the bytes without telnet commands
     * @param refusals three bytes each, in hexadecimal
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Telnet(byte[] data, List<String> refusals) {}

    /** Removes telnet commands. An incomplete command at the end yields nothing. */
    public static Telnet telnet(byte[] input) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        List<String> refusals = new ArrayList<>();
        int i = 0;
        while (i < input.length) {
            if (at(input, i) != IAC) {
                data.write(input[i]);
                i++;
                continue;
            }
            switch (at(input, i + 1)) {
                case IAC -> {
                    data.write(IAC);
                    i += 2;
                }
                case 251, 252, 253, 254 -> { // WILL, WONT, DO, DONT
                    int option = at(input, i + 2);
                    if (option >= 0 && at(input, i + 1) == 251) {
                        refusals.add(hex(IAC, 254, option));
                    }
                    if (option >= 0 && at(input, i + 1) == 253) {
                        refusals.add(hex(IAC, 252, option));
                    }
                    i += 3;
                }
                case 250 -> { // SB
                    i += 2;
                    while (i < input.length && !(at(input, i) == IAC && at(input, i + 1) == 240)) {
                        i += at(input, i) == IAC ? 2 : 1;
                    }
                    i += 2;
                }
                default -> i += 2;
            }
        }
        return new Telnet(data.toByteArray(), refusals);
    }

    /** The lines in ISO 8859-1, with {@link #TOO_LONG} for each line that exceeds the limit or is certain to. */
    public static List<String> lines(byte[] data, int maxLength) {
        String[] parts = new String(data, ISO_8859_1).split("\n", -1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < parts.length - 1; i++) {
            String line = parts[i].endsWith("\r") ? parts[i].substring(0, parts[i].length() - 1) : parts[i];
            lines.add(line.length() > maxLength ? TOO_LONG : line);
        }
        String last = parts[parts.length - 1];
        boolean mayEndInTime = last.length() <= maxLength || (last.length() == maxLength + 1 && last.endsWith("\r"));
        if (!mayEndInTime) {
            lines.add(TOO_LONG);
        }
        return lines;
    }

    /** The request in a line that {@link #lines} returned. */
    public static Request request(String line) {
        if (line.equals(TOO_LONG)) {
            return new Request.TooLong();
        }
        if (line.matches("[ \t]*")) {
            return new Request.Empty();
        }
        for (Map.Entry<CommandRow, Pattern> lines : LINES.entrySet()) {
            Matcher matcher = lines.getValue().matcher(line);
            if (matcher.matches()) {
                CommandRow row = lines.getKey();
                String text = matcher.group(1) == null ? "" : utf8(matcher.group(1));
                if (text.isEmpty()) {
                    return row.command();
                }
                if (row.syntax().endsWith("]") && isText(text)) {
                    return new Command(row, text);
                }
            }
        }
        return new Request.Invalid();
    }

    private static String utf8(String latin) {
        return new String(latin.getBytes(ISO_8859_1), UTF_8);
    }

    /** Malformed input has been decoded as U+FFFD. */
    private static boolean isText(String text) {
        return text.getBytes(UTF_8).length <= Command.MAX_TEXT_BYTES
                && text.chars().noneMatch(c -> Character.isISOControl(c) || c == '\ufffd');
    }

    /** The byte at {@code i}, 0 to 255, or -1 past the end. */
    private static int at(byte[] input, int i) {
        return i < input.length ? Byte.toUnsignedInt(input[i]) : -1;
    }

    private static String hex(int... octets) {
        StringBuilder hex = new StringBuilder();
        for (int octet : octets) {
            hex.append(HexFormat.of().toHexDigits((byte) octet));
        }
        return hex.toString();
    }
}
