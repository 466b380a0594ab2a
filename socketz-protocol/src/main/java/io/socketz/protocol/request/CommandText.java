package io.socketz.protocol.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The text after the words of a command. */
final class CommandText {
    private CommandText() {}

    /** Whether {@code text} is read back as it is once it was sent. */
    static boolean isText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return text.equals(read(bytes, 0, bytes.length, false));
    }

    /**
     * The text in {@code buffer[from, to)}, without the blanks around it; null if it is too long, is not UTF-8 or has
     * control characters.
     *
     * @param tabsSeparate whether a tab is a blank like any other, and not a control character
     */
    static @Nullable String read(byte[] buffer, int from, int to, boolean tabsSeparate) {
        int start = Word.begin(buffer, from, to);
        int end = to;
        while (end > start && Word.isBlank(buffer[end - 1])) {
            end--;
        }
        if (end - start > Command.MAX_TEXT_BYTES) {
            return null;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(buffer, start, end - start))
                    .toString();
            text = tabsSeparate ? text.replace('\t', ' ') : text;
            return text.chars().anyMatch(Character::isISOControl) ? null : text;
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
