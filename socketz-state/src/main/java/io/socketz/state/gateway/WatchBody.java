package io.socketz.state.gateway;

import io.socketz.state.gateway.ReplyReader.WatchMessage;
import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the body of a watch into lines, each a message, and hands them on.
 *
 * <p>It reads on when the messages that it has handed on are {@linkplain #readOn taken}, so that an owner that falls
 * behind makes etcd wait, and not the memory grow. What is kept is at most one line, of 64 MiB, and what one read brings.
 *
 * <p>Used by one thread after the other, as the HTTP client sees to, but for {@link #readOn} and {@link #cancel}.
 */
final class WatchBody implements BodySubscriber<byte[]> {
    /** As much as etcd may ever send at once: all clients of a cluster gone at one revision. */
    static final int MAX_LINE = 64 << 20;

    private static final int SHORT = 4 << 10;

    /** Above what changes of some hundred clients are; memory beyond it is given back after each line. */
    private static final int KEPT = 64 << 10;

    private final int maxLine;
    private final BiConsumer<List<WatchMessage>, WatchBody> taker;
    private final CompletableFuture<byte[]> end = new CompletableFuture<>();

    private volatile @Nullable Subscription subscription;

    /** The line that has not ended yet. */
    private byte[] line = new byte[SHORT];

    /** Bytes in {@link #line}: they hold no line end. */
    private int length;

    /**
     * Hands nothing on before the response has begun.
     *
     * @param maxLine bytes
     * @param taker of all whole messages that one read brought, one or more; calls {@link #readOn} when they are dealt with
     */
    WatchBody(int maxLine, BiConsumer<List<WatchMessage>, WatchBody> taker) {
        this.maxLine = maxLine;
        this.taker = taker;
    }

    /** Completes at the end of the stream, with nothing, or with why it ended. */
    @Override
    public CompletionStage<byte[]> getBody() {
        return end;
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription = given;
        given.request(1);
    }

    /** Lets the next read come. From any thread. */
    void readOn() {
        Subscription from = subscription;
        if (from != null) {
            from.request(1);
        }
    }

    /** Bytes held for the line that has not ended yet. */
    int held() {
        return line.length;
    }

    /** Closes the connection. From any thread. */
    void cancel() {
        Subscription from = subscription;
        if (from != null) {
            from.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (end.isDone()) {
            return;
        }
        List<WatchMessage> messages = new ArrayList<>();
        try {
            for (ByteBuffer buffer : buffers) {
                frame(buffer, messages);
            }
        } catch (IOException | EtcdError e) {
            handOn(messages); // What came before holds.
            end.completeExceptionally(e);
            cancel();
            return;
        }
        if (messages.isEmpty()) {
            readOn();
        } else {
            handOn(messages);
        }
    }

    private void handOn(List<WatchMessage> messages) {
        if (!messages.isEmpty()) {
            taker.accept(messages, this);
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

    @Override
    public void onError(Throwable error) {
        end.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
        try {
            if (length > 0) {
                handOn(List.of(ReplyReader.watchMessage(line, length))); // An error has no line end.
            }
            end.complete(new byte[0]);
        } catch (EtcdError e) {
            end.completeExceptionally(e);
        } catch (IOException e) {
            end.completeExceptionally(new EOFException("the watch has ended within a message"));
        }
    }
}
