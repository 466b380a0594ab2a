package io.socketz.client.bench;

import io.socketz.client.console.Printable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Counts the replies that are errors, and keeps the first. Owned by one thread. */
final class ErrorLines {
    /** How much of a line is examined and shown. */
    static final int MAX_LENGTH = 120;

    /** Socketz; then Redis and NATS (RESP: '-' and a code); then memcached. */
    private static final List<Pattern> ERRORS = List.of(
            Pattern.compile("invalid command.*"),
            Pattern.compile("error .*"),
            Pattern.compile("-[A-Z].*"),
            Pattern.compile("(CLIENT_|SERVER_)?ERROR.*"));

    private long count;
    private @Nullable String first;

    /** Whether a line that begins with this byte may be an error: a quick test before {@link #take}. */
    static boolean isSuspect(byte begin) {
        return begin == 'i' || begin == 'e' || begin == '-' || begin == 'C' || begin == 'S' || begin == 'E';
    }

    /** Counts the line in {@code buffer[0, length)} if it is an error, and returns whether it is. */
    boolean take(byte[] buffer, int length) {
        String line = text(buffer, length);
        if (ERRORS.stream().noneMatch(error -> error.matcher(line).matches())) {
            return false;
        }
        count++;
        if (first == null) {
            first = line;
        }
        return true;
    }

    /** The line without CR, with a '?' for what is not printable ASCII. */
    static String text(byte[] buffer, int length) {
        int end = length > 0 && buffer[length - 1] == '\r' ? length - 1 : length;
        return Printable.ascii(new String(buffer, 0, end, StandardCharsets.ISO_8859_1));
    }

    /** Counts from zero again; keeps the first error. */
    void begin() {
        count = 0;
    }

    long count() {
        return count;
    }

    /** Null while there is none. */
    @Nullable
    String first() {
        return first;
    }
}
