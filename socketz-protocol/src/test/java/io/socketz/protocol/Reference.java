package io.socketz.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BadArgumentException;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.CommandTable;
import io.socketz.protocol.request.Request;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The expected output of the telnet filter, line framer and parser for a complete input. It is written to be obviously
 * correct rather than fast: it sees the whole input at once and keeps no state from one byte to the next.
 */
public final class Reference {
    /** Replaces a line that is too long in a list of lines. */
    public static final String TOO_LONG = "<too long>";

    private static final int IAC = 255;

    /** The built-in commands, which have arguments of all sorts. */
    public static final CommandTable TABLE = BuiltInCommands.TABLE;

    /** Stands for every refusal: which text it has is a matter of other tests. */
    public static final Reply.Failure REFUSAL = new Reply.Failure("BAD_ARGUMENT", "expected something else");

    /** Matches the lines of each row, ignoring the case of US-ASCII only; the group is the text after the words. */
    private static final Map<CommandRow, Pattern> LINES = lines();

    /** A value for each name of a value that has a type. */
    private static final Map<String, String> VALUES = Map.of(
            "id",
            "08483048/1",
            "cidr",
            "10.0.0.0/8",
            "n",
            "7",
            "revision",
            "7",
            "glob",
            "web-*",
            "s",
            "s1",
            "time",
            "10m");

    /** The command of {@code row} with the arguments that it needs, and no others. */
    public static Command command(CommandRow row) {
        List<String> arguments = new ArrayList<>();
        List<String> next = row.following(arguments);
        while (next.size() == 1 && !next.get(0).startsWith("[")) {
            arguments.add(VALUES.getOrDefault(next.get(0), "x"));
            next = row.following(arguments);
        }
        return row.command(String.join(" ", arguments));
    }

    /** Those with more words first. */
    private static Map<CommandRow, Pattern> lines() {
        Map<CommandRow, Pattern> lines = new LinkedHashMap<>();
        TABLE.rows().stream()
                .sorted(Comparator.comparing((CommandRow row) -> row.words().contains(" "))
                        .reversed())
                .forEach(row -> lines.put(
                        row,
                        Pattern.compile(
                                "(?is)[ \t]*" + row.words().replace(" ", "[ \t]+") + "(?:[ \t]+(.*?))??[ \t]*")));
        return lines;
    }

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

    /** The request in a line that {@link #lines} returned; of a bad argument, with {@link #REFUSAL}. */
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
                return request(lines.getKey(), matcher.group(1) == null ? "" : utf8(matcher.group(1)));
            }
        }
        return new Request.Invalid();
    }

    private static Request request(CommandRow row, String given) {
        boolean isFrozen =
                List.of("WHY", "WHO", "WHO FRESH", "WHERE", "QUIT", "PING").contains(row.words());
        boolean isOneText = row.words().equals("HELP"); // its tabs separate nothing: they are control characters
        String text = isFrozen || isOneText ? given : given.replace('\t', ' ');
        try {
            if (isText(text)) {
                return row.command(text);
            }
        } catch (BadArgumentException e) {
            // It is refused.
        }
        return isFrozen ? new Request.Invalid() : new Request.BadArgument(row, REFUSAL);
    }

    /** The same request, of a bad argument with {@link #REFUSAL}. */
    public static Request withoutText(Request request) {
        return request instanceof Request.BadArgument bad ? new Request.BadArgument(bad.row(), REFUSAL) : request;
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
