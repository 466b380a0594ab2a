package io.socketz.server.nio;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * Whether a client has taken what was sent to it. What it has not taken when the channel is closed stays with the kernel, for
 * minutes if it never does; and no Java socket tells how much that is. Owned by the connection's loop.
 *
 * <p>A socket is writable while a third of its send buffer is free. So the server shrinks the buffer: once the socket is
 * writable, the kernel holds less than that. It shrinks step by step, so that a client on a slow line has its time for each
 * step.
 */
final class Delivery {
    /** A connection has to have sent more than this for anybody to look: less may stay with the kernel. */
    private static final long LITTLE_BYTES = 16 << 10;

    /** How much of what the kernel holds a client has to take for its time to start again. */
    private static final int STEP_BYTES = 32 << 10;

    /** Less than the kernel needs: it then calls the socket writable once the client has taken nearly all. */
    private static final int LEAST_SEND_BUFFER_BYTES = 1;

    /** Bytes that have gone to the kernel since the beginning. */
    private long sent;

    /** What the kernel is to hold less than, in bytes; 0 while nobody asks. */
    private int sendBuffer;

    /** Whether the kernel holds next to nothing any more. */
    private boolean done;

    /** So many bytes have gone to the kernel. */
    void onSent(long bytes) {
        sent += bytes;
    }

    /** Whether the client has taken all but 16 KiB. */
    boolean isDone() {
        return sent <= LITTLE_BYTES || done;
    }

    /** Whether the next step waits for the socket to be writable. */
    boolean isUnderWay() {
        return sendBuffer > 0 && !done;
    }

    /** Whether it has begun. */
    boolean hasBegun() {
        return sendBuffer > 0;
    }

    /** Begins: from now on, nothing more may be sent. */
    void begin(SocketChannel channel) throws IOException {
        // More than it was: Linux holds twice that, and this size shows when the first part of it has gone.
        shrink(channel, SocketOptions.SEND_BUFFER_BYTES + STEP_BYTES);
    }

    /** The socket is writable: a step is done. Returns whether it was not the last one. */
    boolean onWritable(SocketChannel channel) throws IOException {
        if (sendBuffer == LEAST_SEND_BUFFER_BYTES) {
            done = true;
            return false;
        }
        shrink(channel, Math.max(LEAST_SEND_BUFFER_BYTES, sendBuffer - STEP_BYTES));
        return true;
    }

    private void shrink(SocketChannel channel, int size) throws IOException {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, size);
        sendBuffer = size;
    }
}
