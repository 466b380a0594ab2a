package io.socketz.protocol.reply;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What may stand in a line, and which lines a reader takes for a reply of one line. */
final class LineFormat {
    /** What begins another reply that has more than one line, or that answers no request. */
    private static final Pattern OTHER_FORM = Pattern.compile("[0-9]+ .*|event .*|client list: \\{.*", Pattern.DOTALL);

    private LineFormat() {}

    static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }

    /** Whether {@code line} has no control characters, and {@value Reply#MAX_LINE_BYTES} bytes at most. */
    static boolean fits(String line) {
        return !hasControls(line) && line.getBytes(StandardCharsets.UTF_8).length <= Reply.MAX_LINE_BYTES;
    }

    /** Whether {@code line} can be a {@link Reply.Line}. */
    static boolean isLine(String line) {
        return !line.isEmpty() && fits(line) && !OTHER_FORM.matcher(line).matches() && isRead(line);
    }

    /** Whether a reader takes it for a reply of one line, of whatever type: not {@code error occurred}. */
    private static boolean isRead(String line) {
        ReplyType type = ReplyType.of(line);
        return type == ReplyType.LINE || (type.lines() == 1 && ReplyParser.reads(type.parser(), line));
    }

    static Reply.Line parse(String line) {
        try {
            return new Reply.Line(line);
        } catch (IllegalArgumentException e) {
            throw new MalformedReplyException("a line of " + line.length() + " characters that is no reply");
        }
    }
}
