package io.socketz.protocol.reply;

import io.socketz.protocol.name.ClientId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The fields of a record that was received; those that nobody asks for are skipped. */
final class RecordText {
    private final Map<String, String> values = new HashMap<>();

    private RecordText() {}

    /**
     * Reads a line.
     *
     * @throws MalformedReplyException if it is not a record
     */
    static RecordText parse(String line) {
        RecordText record = new RecordText();
        for (int from = 0; from <= line.length(); ) {
            int blank = line.indexOf(' ', from);
            int to = blank < 0 ? line.length() : blank;
            record.addField(line, from, to);
            from = to + 1;
        }
        return record;
    }

    private void addField(String line, int from, int to) {
        int equals = line.indexOf('=', from);
        if (equals < 0 || equals > to || !isKey(line, from, equals)) {
            throw new MalformedReplyException("a record with something other than a field");
        }
        String value = line.substring(equals + 1, to);
        if (!isValue(value)) {
            throw new MalformedReplyException("a record with an invalid value");
        }
        if (values.put(line.substring(from, equals), value) != null) {
            throw new MalformedReplyException("a record with two values of one key");
        }
    }

    private static boolean isKey(String line, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = line.charAt(i);
            boolean isLetter = c >= 'a' && c <= 'z';
            if (!isLetter && (i == from || !((c >= '0' && c <= '9') || c == '_'))) {
                return false;
            }
        }
        return from < to;
    }

    private static boolean isValue(String value) {
        for (int i = 0; i < value.length(); ) {
            int c = value.codePointAt(i);
            if (!RecordBytes.isValueCharacter(c)) {
                return false;
            }
            i += Character.charCount(c);
        }
        return true;
    }

    /** The value of {@code key}; empty if there is none. */
    Optional<String> find(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /**
     * The value of {@code key}.
     *
     * @throws MalformedReplyException if there is none
     */
    String text(String key) {
        return read(key, Function.identity());
    }

    /** The value of {@code key}, a client's id. */
    ClientId clientId(String key) {
        return read(key, ClientId::parse);
    }

    /** The value of {@code key}, a time. */
    Instant instant(String key) {
        return read(key, Instant::parse);
    }

    /** The value of {@code key}, a number of 0 or more. */
    long number(String key) {
        return read(key, BlockFormat::number);
    }

    /** The value of {@code key} as {@code reader} reads it. */
    <T> T read(String key, Function<String, T> reader) {
        String value = values.get(key);
        if (value == null) {
            throw new MalformedReplyException("a record without " + key);
        }
        try {
            return reader.apply(value);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new MalformedReplyException("a record whose " + key + " cannot be read");
        }
    }
}
