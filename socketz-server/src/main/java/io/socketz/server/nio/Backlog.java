package io.socketz.server.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;

/**
 * Replies that the kernel has not taken yet, in order. They are not copied: all clients that wait for the same list of
 * clients share its bytes.
 *
 * <p>Cap: a connection with a backlog is neither read nor answered further, so a backlog holds what was in the loop's
 * buffer and one reply more, in one part or two. The listener may set a cap for all connections together. Owned by the
 * connection's loop.
 */
final class Backlog {
    private final BacklogListener listener;
    private final ArrayDeque<byte[]> replies = new ArrayDeque<>(2);

    /** How much of the first reply is sent. */
    private int sent;

    /** Of all replies, what is not sent yet. */
    private long bytes;

    Backlog(BacklogListener listener) {
        this.listener = listener;
    }

    void add(byte[] reply) {
        listener.onQueued(reply);
        replies.add(reply);
        bytes += reply.length;
    }

    /** How many bytes are not sent yet. */
    long bytes() {
        return bytes;
    }

    /**
     * Sends until all is sent, the kernel takes no more, or {@code budget} is spent.
     *
     * @param scratch memory to send from; its content is lost
     * @param budget bytes after which other connections have their turn
     * @return bytes sent, perhaps somewhat more than {@code budget}
     */
    long sendTo(WritableByteChannel channel, ByteBuffer scratch, long budget) throws IOException {
        long total = 0;
        while (!replies.isEmpty() && total < budget) {
            byte[] first = replies.element();
            scratch.clear();
            scratch.put(first, sent, Math.min(first.length - sent, scratch.remaining()));
            scratch.flip();
            int written = channel.write(scratch);
            total += written;
            sent += written;
            bytes -= written;
            if (sent == first.length) {
                listener.onRemoved(replies.remove());
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

    /** Discards what has not been sent. */
    void clear() {
        replies.forEach(listener::onRemoved);
        replies.clear();
        bytes = 0;
    }
}
