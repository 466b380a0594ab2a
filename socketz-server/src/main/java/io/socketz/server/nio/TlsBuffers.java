package io.socketz.server.nio;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import tlschannel.BufferAllocator;

/**
 * Memory for records on their way, which a connection gives back when it has none: so an idle one keeps none. Owned by a
 * loop.
 */
final class TlsBuffers implements BufferAllocator {
    /** Of one size. A connection needs two at a time; those of slow clients stay away for longer. */
    private static final int MOST_KEPT = 4;

    private final Map<Integer, Deque<ByteBuffer>> kept = new HashMap<>();

    @Override
    public ByteBuffer allocate(int size) {
        Deque<ByteBuffer> fitting = kept.get(size);
        ByteBuffer buffer = fitting == null ? null : fitting.poll();
        return buffer == null ? ByteBuffer.allocate(size) : buffer;
    }

    @Override
    public void free(ByteBuffer buffer) {
        Deque<ByteBuffer> fitting = kept.computeIfAbsent(buffer.capacity(), size -> new ArrayDeque<>(MOST_KEPT));
        if (fitting.size() < MOST_KEPT) {
            fitting.push(buffer.clear());
        }
    }
}
