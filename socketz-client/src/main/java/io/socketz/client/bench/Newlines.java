package io.socketz.client.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds line ends, eight bytes at a time. */
final class Newlines {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = ONES << 7;
    private static final long NEWLINES = ONES * '\n';

    private Newlines() {}

    /** Returns the index of the first LF in {@code buffer[from, to)}, or -1. */
    static int find(byte[] buffer, int from, int to) {
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long zeroWhereNewline = (long) EIGHT.get(buffer, i) ^ NEWLINES;
            // The lowest set bit is in the first byte that is zero; bits above it may be wrong.
            long found = (zeroWhereNewline - ONES) & ~zeroWhereNewline & HIGHS;
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        for (; i < to; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Counts the LFs in {@code buffer[from, to)}. */
    static int count(byte[] buffer, int from, int to) {
        int count = 0;
        for (int i = find(buffer, from, to); i >= 0; i = find(buffer, i + 1, to)) {
            count++;
        }
        return count;
    }
}
