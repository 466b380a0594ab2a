package io.socketz.state.gateway;

import io.socketz.state.gateway.AnswerReader.WatchMessage;
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
 * Cuts the body of a watch into lines, each a message, and passes them on.
 *
 * <p>It reads on once the owner has processed the messages: so a slow owner makes etcd wait, instead of filling the memory.
 * It holds at most one line, plus the 64 KiB that the client reads ahead.
 *
 * <p>Owned by the client's thread, unless stated otherwise.
 */
final class WatchBody implements ResponseBody {
    /**
     * Most bytes of a line: as much as etcd may ever send at once, when all clients of a cluster leave at one revision; less
     * if memory is small. A longer line ends the watch, and everything is read again, in pages.
     */
    static final int MAX_LINE_BYTES =
            (int) Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 8);

    private static final int SHORT_BYTES = 4 << 10;

    /** More than the changes of some hundred clients; memory above it is freed after each line. */
    private static final int KEPT_BYTES = 64 << 10;

    private final int maxLine;
    private final BiConsumer<List<WatchMessage>, Runnable> taker;

    /** The line that has not ended yet. */
    private byte[] line = new byte[SHORT_BYTES];

    /** How many bytes {@link #line} holds, none of them a line end. */
    private int length;

    /** Null before the client has used up its first window. Guarded by this. */
    private @Nullable CapacityChannel window;

    /** Bytes that may be read, before there was a window to open. Guarded by this. */
    private int granted;

    /**
     * Passes nothing on before the response has begun.
     *
     * @param maxLine in bytes
     * @param taker takes the complete messages of one read, one or more, and what to run when they are processed
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

    /** Allows the client to read as many bytes as were processed. From any thread. */
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

    /** How many bytes are reserved for the current line. */
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
            passOn(messages, 0); // the messages before it count
            throw e;
        }
        if (messages.isEmpty()) {
            readOn(count);
        } else {
            passOn(messages, count);
        }
        return true;
    }

    private void passOn(List<WatchMessage> messages, int bytes) {
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
                    messages.add(AnswerReader.watchMessage(line, length));
                }
                length = 0;
                if (line.length > KEPT_BYTES) {
                    line = new byte[SHORT_BYTES];
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

    /** Passes on an error message, which has no line end. */
    @Override
    public LongConsumer end() throws IOException, EtcdError {
        if (length > 0) {
            try {
                passOn(List.of(AnswerReader.watchMessage(line, length)), 0);
            } catch (IOException e) {
                throw new EOFException("the watch has ended within a message");
            }
        }
        throw new EOFException("the watch has ended");
    }
}
