package io.socketz.state.gateway;

import io.socketz.state.gateway.ReplyReader.WatchMessage;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the body of a watch into lines, each a message, and hands them on.
 *
 * <p>It reads on when the messages that it has handed on are taken, so that an owner that falls behind makes etcd wait,
 * and not the memory grow. What is kept is at most one line, and beyond it what the client reads ahead, 64 KiB.
 *
 * <p>Owned by the client's thread, but for what says otherwise.
 */
final class WatchBody implements ResponseBody {
    /**
     * Bytes of a line: as much as etcd may ever send at once, all clients of a cluster gone at one revision; less where
     * memory is small. The watch ends with a line over it, and what has changed is read in pages.
     */
    static final int MAX_LINE = (int) Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 8);

    private static final int SHORT = 4 << 10;

    /** Above what changes of some hundred clients are; memory beyond it is given back after each line. */
    private static final int KEPT = 64 << 10;

    private final int maxLine;
    private final BiConsumer<List<WatchMessage>, Runnable> taker;

    /** The line that has not ended yet. */
    private byte[] line = new byte[SHORT];

    /** Bytes in {@link #line}: they hold no line end. */
    private int length;

    /** Null before the client has read as much as it may without being told. Guarded by this, as the next one. */
    private @Nullable CapacityChannel window;

    /** Bytes that may be read and for which there was no window yet. */
    private int granted;

    /**
     * Hands nothing on before the response has begun.
     *
     * @param maxLine bytes
     * @param taker of all whole messages that one read brought, one or more, and of what to run when they are dealt with
     */
    WatchBody(int maxLine, BiConsumer<List<WatchMessage>, Runnable> taker) {
        this.maxLine = maxLine;
        this.taker = taker;
    }

    @Override
    public synchronized void onWindow(CapacityChannel given) throws IOException {
        window = given;
        if (granted > 0) {
            given.update(granted);
            granted = 0;
        }
    }

    /** Lets as many bytes be read as were. From any thread. */
    private synchronized void readOn(int bytes) {
        if (window == null) {
            granted += bytes;
            return;
        }
        try {
            window.update(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Bytes held for the line that has not ended yet. */
    int held() {
        return line.length;
    }

    @Override
    public boolean read(ByteBuffer bytes) throws IOException, EtcdError {
        int count = bytes.remaining();
        List<WatchMessage> messages = new ArrayList<>();
        try {
            frame(bytes, messages);
        } catch (IOException | EtcdError e) {
            handOn(messages, 0); // What came before holds.
            throw e;
        }
        if (messages.isEmpty()) {
            readOn(count);
        } else {
            handOn(messages, count);
        }
        return true;
    }

    private void handOn(List<WatchMessage> messages, int bytes) {
        if (!messages.isEmpty()) {
            taker.accept(messages, () -> readOn(bytes));
        }
    }

    private void frame(ByteBuffer buffer, List<WatchMessage> messages) throws IOException, EtcdError {
        while (buffer.hasRemaining()) {
            int part = lineEnd(buffer) - buffer.position();
            boolean whole = part < buffer.remaining();
            if (part > maxLine - length) {
                throw new NotEtcdException("a message over " + maxLine + " bytes");
            }
            append(buffer, part);
            if (whole) {
                buffer.get();
                if (length > 0) {
                    messages.add(ReplyReader.watchMessage(line, length));
                }
                length = 0;
                if (line.length > KEPT) {
                    line = new byte[SHORT];
                }
            }
        }
    }

    private static int lineEnd(ByteBuffer buffer) {
        int at = buffer.position();
        while (at < buffer.limit() && buffer.get(at) != '\n') {
            at++;
        }
        return at;
    }

    private void append(ByteBuffer buffer, int part) {
        if (line.length - length < part) {
            int twice = Math.min(2 * line.length, maxLine);
            line = Arrays.copyOf(line, Math.max(twice, length + part));
        }
        buffer.get(line, length, part);
        length += part;
    }

    /** Hands on an error, which has no line end. */
    @Override
    public LongConsumer end() throws IOException, EtcdError {
        if (length > 0) {
            try {
                handOn(List.of(ReplyReader.watchMessage(line, length)), 0);
            } catch (IOException e) {
                throw new EOFException("the watch has ended within a message");
            }
        }
        throw new EOFException("the watch has ended");
    }
}
