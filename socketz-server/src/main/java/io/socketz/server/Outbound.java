package io.socketz.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;

/**
 * Replies that the kernel would not take yet, in order. They are not copied: all who wait for the same list of clients
 * share its bytes.
 *
 * <p>Cap: a connection that has any is neither read nor answered further, so it holds what was in the loop's buffer and
 * one reply more, in one part or two; and {@link HeldMemory} has one for all connections together. Owned by the
 * connection's loop.
 */
final class Outbound {
    private final HeldMemory memory;
    private final ArrayDeque<byte[]> replies = new ArrayDeque<>(2);

    /** How much of the first reply is sent. */
    private int sent;

    Outbound(HeldMemory memory) {
        this.memory = memory;
    }

    /** Adds a reply. */
    void add(byte[] reply) {
        memory.add(reply);
        replies.add(reply);
    }

    /**
     * Sends until all is sent, the kernel takes no more, or {@code budget} is spent.
     *
     * @param scratch memory to send from; its content is lost
     * @param budget bytes after which others shall have their turn
     * @return bytes sent, perhaps somewhat more than {@code budget}
     */
    long drainTo(WritableByteChannel channel, ByteBuffer scratch, long budget) throws IOException {
        long total = 0;
        while (!replies.isEmpty() && total < budget) {
            byte[] first = replies.element();
            scratch.clear();
            scratch.put(first, sent, Math.min(first.length - sent, scratch.remaining()));
            scratch.flip();
            int written = channel.write(scratch);
            total += written;
            sent += written;
            if (sent == first.length) {
                memory.remove(replies.remove());
                sent = 0;
            } else if (scratch.hasRemaining()) {
                break;
            }
        }
        return total;
    }

    boolean isEmpty() {
        return replies.isEmpty();
    }

    /** Forgets what has not been sent. */
    void clear() {
        replies.forEach(memory::remove);
        replies.clear();
    }
}
