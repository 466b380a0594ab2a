package io.socketz.server.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link EventLoop} lends to one connection at a time, so that an idle connection needs no memory of its own: room to
 * read into and to gather replies in, and how much it may send. Owned by the loop.
 */
public final class LoopBuffers {
    /** What one client can leave undecoded while it waits for an answer. */
    private static final int INPUT_BYTES = 16 << 10;

    private static final int OUTPUT_BYTES = 64 << 10;

    /** Larger than a read, for the sake of large replies. */
    private static final int SCRATCH_BYTES = 256 << 10;

    private static final long BUDGET_BYTES = 1 << 20;

    private static final byte[] NOTHING = {};

    /** Between the channels and the arrays: what the kernel reads into and writes from. */
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH_BYTES);

    private final byte[] input = new byte[INPUT_BYTES];
    private final byte[] output = new byte[OUTPUT_BYTES];
    private int outputLength;

    /** Bytes that the current connection may still send, so that it does not keep the others waiting. */
    private long budget;

    /** Null until a connection needs it. */
    private @Nullable TlsBuffers tls;

    LoopBuffers() {}

    /** Memory for connections that speak TLS. */
    TlsBuffers tls() {
        if (tls == null) {
            tls = new TlsBuffers();
        }
        return tls;
    }

    /** Another connection has its turn. */
    void lend() {
        budget = BUDGET_BYTES;
    }

    /** What the last {@link #read} brought. */
    public byte[] input() {
        return input;
    }

    /**
     * Reads into {@link #input}, once.
     *
     * @return number of bytes, 0 if there are none, -1 at the end
     */
    public int read(ReadableByteChannel channel) throws IOException {
        scratch.clear().limit(INPUT_BYTES);
        int length = channel.read(scratch);
        if (length > 0) {
            scratch.get(0, input, 0, length);
        }
        return length;
    }

    /** Gathers a reply of the current connection, if there is room for it. */
    boolean append(byte[] reply) {
        int length = reply.length;
        if (length > OUTPUT_BYTES - outputLength) {
            return false;
        }
        System.arraycopy(reply, 0, output, outputLength, length);
        outputLength += length;
        return true;
    }

    /** Bytes of the replies that are gathered and not yet sent. */
    int outputLength() {
        return outputLength;
    }

    /** Discards the replies that are gathered. */
    void discardOutput() {
        outputLength = 0;
    }

    /**
     * Sends the replies that are gathered.
     *
     * @return what the kernel did not take: empty if it took all
     */
    byte[] send(WritableByteChannel channel) throws IOException {
        int length = outputLength;
        outputLength = 0;
        scratch.clear();
        scratch.put(output, 0, length).flip();
        int sent = channel.write(scratch);
        return sent == length ? NOTHING : Arrays.copyOfRange(output, sent, length);
    }

    /** Memory to send from. Its content is lost with the next read or send. */
    ByteBuffer scratch() {
        return scratch;
    }

    /** How many bytes the current connection may still send before the others have their turn; perhaps less than 0. */
    long budget() {
        return budget;
    }

    void spend(long bytes) {
        budget -= bytes;
    }
}
