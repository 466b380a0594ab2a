package io.socketz.protocol.request;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The text behind the words of a command. */
final class CommandText {
    private CommandText() {}

    /**
     * The text in {@code buffer[from, to)}, without the blanks at its end; null if it is too long, is not UTF-8 or has
     * control characters.
     */
    static @Nullable String read(byte[] buffer, int from, int to) {
        int end = to;
        while (end > from && Word.isBlank(buffer[end - 1])) {
            end--;
        }
        if (end - from > Command.MAX_TEXT_BYTES) {
            return null;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(buffer, from, end - from))
                    .toString();
            return text.chars().anyMatch(Character::isISOControl) ? null : text;
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
