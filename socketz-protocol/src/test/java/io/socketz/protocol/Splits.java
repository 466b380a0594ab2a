package io.socketz.protocol;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Ways to split a stream of bytes into pieces. A split is the list of positions at which its pieces end. */
public final class Splits {
    /** Surrounds each piece in its buffer: code that reads out of range would find meaningful bytes there. */
    private static final byte[] AROUND = {'\n', (byte) 255, '\n', (byte) 255, '\n', (byte) 255, '\n', '\r'};

    private Splits() {}

    /** Reads one piece, {@code buffer[from, to)}, and may change it. */
    @FunctionalInterface
    public interface Reader {
        void read(byte[] buffer, int from, int to);
    }

    /** In one piece, byte by byte, and in two pieces at every position, so that either piece may be empty. */
    public static Stream<int[]> of(int length) {
        return Stream.concat(
                Stream.of(whole(length), byteByByte(length)),
                IntStream.rangeClosed(0, length).mapToObj(at -> new int[] {at, length}));
    }

    public static int[] whole(int length) {
        return new int[] {length};
    }

    public static int[] byteByByte(int length) {
        return every(1, length);
    }

    /** Pieces of {@code size} bytes; the last one may be shorter. */
    public static int[] every(int size, int length) {
        return IntStream.rangeClosed(1, (length + size - 1) / size)
                .map(n -> Math.min(n * size, length))
                .toArray();
    }

    /** One to {@code most} pieces of random length; some may be empty. */
    public static int[] random(Random random, int most, int length) {
        int[] ends =
                random.ints(1 + random.nextInt(most), 0, length + 1).sorted().toArray();
        ends[ends.length - 1] = length;
        return ends;
    }

    /** Feeds each piece to the reader in a buffer of its own, and checks that the reader changes nothing outside it. */
    public static void feed(byte[] bytes, int[] ends, Reader reader) {
        int from = 0;
        for (int end : ends) {
            int length = end - from;
            byte[] buffer = Arrays.copyOf(AROUND, 2 * AROUND.length + length);
            System.arraycopy(bytes, from, buffer, AROUND.length, length);
            System.arraycopy(AROUND, 0, buffer, AROUND.length + length, AROUND.length);
            reader.read(buffer, AROUND.length, AROUND.length + length);
            boolean untouched = Arrays.equals(buffer, 0, AROUND.length, AROUND, 0, AROUND.length)
                    && Arrays.equals(buffer, AROUND.length + length, buffer.length, AROUND, 0, AROUND.length);
            if (!untouched) {
                throw new AssertionError("changed outside of the piece from " + from + " to " + end);
            }
            from = end;
        }
    }
}
