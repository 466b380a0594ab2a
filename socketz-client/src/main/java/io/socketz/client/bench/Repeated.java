package io.socketz.client.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** The same bytes over and over, in the largest possible writes, resumable at any byte. Owned by one thread. */
final class Repeated {
    private static final int MAX_BUFFER_BYTES = 1 << 20;

    private final int length;
    private final ByteBuffer buffer;

    /** @param times the most copies written at once */
    Repeated(byte[] unit, int times) {
        this.length = unit.length;
        int copies = Math.max(1, Math.min(times, MAX_BUFFER_BYTES / length));
        this.buffer = ByteBuffer.allocateDirect(copies * length);
        for (int i = 0; i < copies; i++) {
            buffer.put(unit);
        }
    }

    /**
     * Writes what the channel accepts.
     *
     * @param left bytes left to the end of the last copy
     * @return how many are left after that
     */
    long write(WritableByteChannel channel, long left) throws IOException {
        long rest = left;
        while (rest > 0) {
            int offset = (int) ((length - rest % length) % length);
            int size = (int) Math.min(rest, buffer.capacity() - offset);
            int written = channel.write(buffer.limit(offset + size).position(offset));
            rest -= written;
            if (written < size) {
                break;
            }
        }
        return rest;
    }
}
