package io.socketz.protocol.request;

import java.nio.charset.StandardCharsets;

/**
 * A word of the command table, which may be sent in any case. It is compared as a single {@code long}, so that reading a
 * request allocates nothing.
 */
final class Word {
    /** Longest word, in letters. */
    static final int MAX_LENGTH = Long.BYTES;

    private final String capitals;
    private final int length;
    private final long packed;

    /**
     * A word.
     *
     * @param capitals 0 to {@value #MAX_LENGTH} letters in US-ASCII
     * @throws IllegalArgumentException if there are more
     */
    Word(String capitals) {
        this.capitals = capitals;
        byte[] letters = capitals.getBytes(StandardCharsets.US_ASCII);
        if (letters.length > MAX_LENGTH) {
            throw new IllegalArgumentException("a word of more than " + MAX_LENGTH + " letters: " + capitals);
        }
        this.length = letters.length;
        this.packed = pack(letters, 0, letters.length);
    }

    /**
     * Whether this is the word of {@code length} bytes that {@link #pack} packed. The length counts: leading NUL bytes do
     * not show in a packed word.
     */
    boolean is(long packed, int length) {
        return this.packed == packed && this.length == length;
    }

    /** The packed word, for whoever looks it up. */
    long packed() {
        return packed;
    }

    /** Packs bytes into a long, letters in upper case; of more than {@link #MAX_LENGTH} bytes, the last ones. */
    static long pack(byte[] bytes, int from, int to) {
        long packed = 0;
        for (int i = from; i < to; i++) {
            // Clearing bit 5 turns 'w' into 'W', and turns no byte that is not a letter into one.
            packed = (packed << Byte.SIZE) | (bytes[i] & 0xDF);
        }
        return packed;
    }

    /** Where the next word begins: the first byte from {@code from} on that is not a blank, or {@code to}. */
    static int begin(byte[] buffer, int from, int to) {
        int i = from;
        while (i < to && isBlank(buffer[i])) {
            i++;
        }
        return i;
    }

    /** Where the word that begins at {@code from} ends. */
    static int end(byte[] buffer, int from, int to) {
        int i = from;
        while (i < to && !isBlank(buffer[i])) {
            i++;
        }
        return i;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    boolean isEmpty() {
        return length == 0;
    }

    @Override
    public String toString() {
        return capitals;
    }
}
