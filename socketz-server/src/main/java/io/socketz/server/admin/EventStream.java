package io.socketz.server.admin;

import com.sun.net.httpserver.HttpExchange;
import io.socketz.protocol.json.ReplyJson;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ReplyDecoder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One reader's events, on their way from the commands' thread to the reader's own.
 *
 * <pre>{@code
 *   WATCH SINCE n --bytes--> ReplyDecoder --events of a batch--> text --> waiting --write--> the reader
 * }</pre>
 *
 * An event has an id, its revision, only if it is the last one of a batch: so a reader that was cut off in the middle of a
 * revision gets all of it again, and never less.
 */
final class EventStream implements LocalRequester.Receiver {
    static final String CONTENT_TYPE = "text/event-stream";

    /** A reader that leaves more behind is cut off, and comes again. */
    private static final int MAX_WAITING_BYTES = 4 << 20;

    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long FIRST_REPLY_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ReplyDecoder decoder = new ReplyDecoder(ReplyDecoder.DEFAULT_MAX_LINE_LENGTH, this::onReply);

    /** What the bytes that are being decoded have told. Owned by the commands' thread. */
    private final List<Event> batch = new ArrayList<>();

    /** The first reply, unless it refuses the request. Guarded by the lock, as all below. */
    private boolean begun;

    private @Nullable Reply refusal;
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean ended;

    // ---------------------------------------------------------------- on the commands' thread

    @Override
    public void onBytes(byte[] bytes) {
        decoder.decode(bytes, 0, bytes.length);
        if (!batch.isEmpty()) {
            add(text(batch));
            batch.clear();
        }
    }

    private void onReply(Reply reply) {
        if (reply instanceof Event event) {
            batch.add(event);
        }
        begin(reply);
    }

    private static byte[] text(List<Event> events) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < events.size(); i++) {
            Event event = events.get(i);
            if (i == events.size() - 1) {
                text.append("id: ").append(event.revision()).append('\n');
            }
            text.append("data: ").append(ReplyJson.line(event)).append("\n\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void onEnd(String why) {
        ended = true;
        notifyAll();
    }

    private synchronized void begin(Reply reply) {
        if (!begun && reply.type().isRefusal()) {
            refusal = reply;
        }
        begun = true;
        notifyAll();
    }

    private synchronized void add(byte[] text) {
        // The first one goes in any case: its reader would ask for it again and again. The feed bounds its size.
        if (!waiting.isEmpty() && waitingBytes + text.length > MAX_WAITING_BYTES) {
            ended = true;
        }
        if (!ended) { // behind a gap, nothing may follow: the reader would never ask for what it has missed
            waiting.add(text);
            waitingBytes += text.length;
        }
        notifyAll();
    }

    // ---------------------------------------------------------------- on the reader's thread

    /**
     * Writes events until the reader has gone, has fallen behind, or a minute is over.
     *
     * @throws TimeoutException if the server does not begin within 5 s
     */
    void write(HttpExchange exchange) throws IOException, TimeoutException, InterruptedException {
        long startedAt = System.nanoTime();
        Reply refused = awaitBegin(startedAt + FIRST_REPLY_NANOS);
        if (refused != null) {
            HttpResponse.json(400, ReplyJson.object(refused)).send(exchange);
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write("retry: 500\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
            for (byte[] next = next(startedAt + LONGEST_NANOS); next != null; next = next(startedAt + LONGEST_NANOS)) {
                out.write(next);
                out.flush();
            }
        }
    }

    private synchronized @Nullable Reply awaitBegin(long deadline) throws TimeoutException, InterruptedException {
        while (!begun) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0 || ended) {
                throw new TimeoutException("no answer to WATCH");
            }
            wait(left);
        }
        return refusal;
    }

    /**
     * What is to be written next; null if the stream ends.
     *
     * @param deadline when it ends, as {@link System#nanoTime}
     */
    synchronized byte @Nullable [] next(long deadline) throws InterruptedException {
        while (waiting.isEmpty()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0 || ended) {
                return null;
            }
            wait(left);
        }
        byte[] next = waiting.remove();
        waitingBytes -= next.length;
        return next;
    }
}
