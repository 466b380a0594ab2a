package io.socketz.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;

/**
 * Replies that the kernel would not take yet, in order. A large reply is not copied: all who wait for the same list of
 * clients share its bytes.
 *
 * <p>Cap: a connection that has any is neither read nor answered further, so it holds what was in the loop's buffer and
 * one reply more. Owned by the connection's loop.
 */
final class Outbound {
    private final ArrayDeque<byte[]> replies = new ArrayDeque<>(2);

    /** How much of the first reply is sent. */
    private int sent;

    void add(byte[] reply) {
        replies.add(reply);
    }

    /**
     * Sends until all is sent or the kernel takes no more.
     *
     * @param scratch memory to send from; its content is lost
     * @return bytes sent
     */
    long drainTo(WritableByteChannel channel, ByteBuffer scratch) throws IOException {
        long total = 0;
        while (!replies.isEmpty()) {
            byte[] first = replies.element();
            scratch.clear();
            scratch.put(first, sent, Math.min(first.length - sent, scratch.remaining()));
            scratch.flip();
            int written = channel.write(scratch);
            total += written;
            sent += written;
            if (sent == first.length) {
                replies.remove();
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
}
