package io.socketz.protocol.reply;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that grow while records are added to them: {@code key=value} fields with a blank between them (docs/protocol.md,
 * Replies). Whatever a value is, the line can be read back: what a value may not have becomes a '?', and the value is cut
 * after {@value #MAX_VALUE_LENGTH} characters. Not thread-safe.
 */
public final class RecordBytes {
    /** Longest value, in characters: a record of all fields at their longest still fits into a line. */
    public static final int MAX_VALUE_LENGTH = 64;

    private byte[] bytes;
    private int length;

    /** Where the current line began. */
    private int lineStart;

    /**
     * No bytes yet.
     *
     * @param capacity how many bytes to expect, 1 or more
     */
    public RecordBytes(int capacity) {
        this.bytes = new byte[capacity];
    }

    /** Adds a field. {@code key} has small letters of US-ASCII. */
    public RecordBytes field(String key, String value) {
        if (length > lineStart) {
            add((byte) ' ');
        }
        ascii(key);
        add((byte) '=');
        value(value);
        return this;
    }

    /** Adds a field with a number. */
    public RecordBytes field(String key, long value) {
        return field(key, Long.toString(value));
    }

    /** Adds text as it is; it has no line end. */
    public RecordBytes text(String text) {
        add(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Ends the line. */
    public RecordBytes endLine() {
        add((byte) '\n');
        lineStart = length;
        return this;
    }

    /** A copy of all bytes so far. */
    public byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Whether a value may have this character: no blanks, quotes and control characters. */
    static boolean isValueCharacter(int c) {
        if (c < 0x7f) {
            return c > ' ' && c != '\'' && c != '"';
        }
        return !Character.isISOControl(c)
                && !Character.isWhitespace(c)
                && !Character.isSpaceChar(c)
                && Character.getType(c) != Character.SURROGATE;
    }

    private void value(String value) {
        int end = Math.min(value.length(), MAX_VALUE_LENGTH);
        reserve(end);
        for (int i = 0; i < end; i++) {
            char c = value.charAt(i);
            if (c >= 0x7f) {
                add(value.substring(i, end)
                        .codePoints()
                        .map(each -> isValueCharacter(each) ? each : '?')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                        .getBytes(StandardCharsets.UTF_8));
                return;
            }
            bytes[length++] = (byte) (isValueCharacter(c) ? c : '?');
        }
    }

    /** Copies US-ASCII without a temporary array; only this deprecated method can do that. */
    @SuppressWarnings("deprecation")
    private void ascii(String text) {
        reserve(text.length());
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
    }

    private void add(byte b) {
        reserve(1);
        bytes[length++] = b;
    }

    private void add(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, length, more.length);
        length += more.length;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, more), bytes.length + bytes.length / 2));
        }
    }
}
