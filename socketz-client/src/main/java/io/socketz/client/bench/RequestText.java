package io.socketz.client.bench;

import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.Request;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request as the user types it: {@code WHY}, or {@code set k 0 0 1\r\nx} for several lines.
 *
 * @param text with {@code \r}, {@code \n}, {@code \t} and {@code \\} as escapes
 */
record RequestText(String text) {
    private static final Pattern ESCAPE = Pattern.compile("\\\\(.?)");

    /** @throws IllegalArgumentException if it would get no reply, with a message for the user */
    RequestText {
        Request request = parse(text);
        if (request instanceof Request.Empty) {
            throw new IllegalArgumentException("an empty request has no reply");
        }
        if (request instanceof Command command && command.row().endsConnection()) {
            throw new IllegalArgumentException(command.line() + " has no reply");
        }
    }

    /** The bytes to send: the line, or lines, ended by CR LF, which all servers accept. */
    byte[] bytes() {
        byte[] line = unescape(text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(line);
        out.writeBytes(new byte[] {'\r', '\n'});
        return out.toByteArray();
    }

    /** Lines in its reply according to the command table, 0 if that differs from reply to reply; 1 for other requests. */
    int replyLines() {
        return parse(text) instanceof Command command ? command.row().replyLines() : 1;
    }

    private static Request parse(String text) {
        byte[] line = unescape(text);
        return BuiltInCommands.TABLE.parse(line, 0, line.length);
    }

    private static byte[] unescape(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(escape -> Matcher.quoteReplacement(meant(escape.group(1))))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String meant(String escaped) {
        return switch (escaped) {
            case "r" -> "\r";
            case "n" -> "\n";
            case "t" -> "\t";
            case "\\" -> "\\";
            default -> throw new IllegalArgumentException("only \\r, \\n, \\t and \\\\ begin with \\");
        };
    }
}
