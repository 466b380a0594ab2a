package io.socketz.client;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.CommandRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests that were made and not answered yet, in order. Pure: time is an argument. Owned by the client's thread.
 *
 * <pre>{@code
 *   add --> unsent --take--> sent --onReply--> answered
 *             |               |
 *             +----expire-----+--> of these the replies come all the same: expired --onReply--> dropped
 * }</pre>
 *
 * <p>Replies come in the order of requests, so the place of a late one tells which request it belongs to: it is
 * dropped, and the replies after it still find their requests. What was taken is sent or lost, and never taken again.
 */
final class PendingRequests {
    /** Hears of what the server sends without a request. */
    interface UnaskedListener {
        /**
         * Whether {@code reply} answers no request, and is dealt with.
         *
         * @throws SocketzException if the server must not send this
         */
        boolean takes(Reply reply) throws SocketzException;
    }

    /** Hears of each reply that ends a request, before the request is answered. */
    interface AnswerListener {
        void onAnswer(PendingRequest<?> request, Reply reply);
    }

    /** Enough for one write. */
    private static final int BATCH_BYTES = 64 << 10;

    private final long timeout;
    private final Room room;
    private final ClientCounters counters;
    private final Deque<PendingRequest<?>> expired = new ArrayDeque<>();

    /** In the order in which their time is up. */
    private final Deque<PendingRequest<?>> sent = new ArrayDeque<>();

    private final Deque<PendingRequest<?>> unsent = new ArrayDeque<>();

    private UnaskedListener unasked = reply -> false;
    private AnswerListener answers = (request, reply) -> {};

    PendingRequests(long timeout, Room room, ClientCounters counters) {
        this.timeout = timeout;
        this.room = room;
        this.counters = counters;
    }

    /** From now on, {@code listener} sees everything first that comes from the server. */
    void tellUnasked(UnaskedListener listener) {
        unasked = listener;
    }

    /** From now on, {@code listener} hears of the ends of requests. */
    void tellAnswers(AnswerListener listener) {
        answers = listener;
    }

    /** A new request. */
    void add(PendingRequest<?> request, long now) {
        request.begin(now + timeout);
        unsent.add(request);
    }

    /** A new request, before all that wait to be sent. Its time is up no later than that of the next one. */
    void addFirst(PendingRequest<?> request, long now) {
        PendingRequest<?> next = unsent.peek();
        request.begin(next == null || next.deadline() - (now + timeout) > 0 ? now + timeout : next.deadline());
        unsent.addFirst(request);
    }

    /** Whether no reply is due. */
    boolean isQuiet() {
        return expired.isEmpty() && sent.isEmpty();
    }

    /** Whether a reply is due to a request whose time is up. */
    boolean isLate() {
        return !expired.isEmpty();
    }

    /** Whether there are no requests. */
    boolean isEmpty() {
        return isQuiet() && unsent.isEmpty();
    }

    /** The bytes to send next, of as many requests as make a write; empty if there are none. */
    byte[] take() {
        List<PendingRequest<?>> batch = new ArrayList<>();
        int length = 0;
        for (PendingRequest<?> next = unsent.peek();
                next != null && (batch.isEmpty() || length + next.bytes.length <= BATCH_BYTES);
                next = unsent.peek()) {
            length += next.bytes.length;
            batch.add(unsent.remove());
        }
        byte[] bytes = new byte[length];
        int at = 0;
        for (PendingRequest<?> request : batch) {
            System.arraycopy(request.bytes, 0, bytes, at, request.bytes.length);
            at += request.bytes.length;
            room.onSent(request.bytes.length);
            request.onSent(sent.peekLast());
            sent.add(request);
        }
        counters.onSent(batch.size());
        return bytes;
    }

    /** Whether the next reply is to a command of {@code row}. */
    boolean isNextTo(CommandRow row) {
        PendingRequest<?> request = oldest().peek();
        return request != null && request.asksFor(row);
    }

    private Deque<PendingRequest<?>> oldest() {
        return expired.isEmpty() ? sent : expired;
    }

    /**
     * A reply to the oldest request, unless it is to none.
     *
     * @throws SocketzException if none is due, or another one
     */
    void onReply(Reply reply) throws SocketzException {
        if (unasked.takes(reply)) {
            return;
        }
        Deque<PendingRequest<?>> oldest = oldest();
        PendingRequest<?> request = oldest.peek();
        if (request == null) {
            throw new SocketzException(
                    SocketzException.Reason.MALFORMED_REPLY, "the server sent a reply that nobody asked for");
        }
        request.check(reply);
        if (request.isAnsweredBy(reply)) {
            oldest.remove();
            if (oldest == sent) { // the others have failed already
                counters.onAnswered();
            }
            // Before it is answered: its caller may ask again at once.
            room.leave();
            answers.onAnswer(request, reply);
        }
        request.onReply(reply);
    }

    /** Nanoseconds until the next request expires, 0 if that has passed, or -1 if there is none. */
    long untilNext(long now) {
        long first = rest(sent.peek(), now);
        long second = rest(unsent.peek(), now);
        return first < 0 ? second : second < 0 ? first : Math.min(first, second);
    }

    private static long rest(@Nullable PendingRequest<?> request, long now) {
        return request == null ? -1 : Math.max(0, request.deadline() - now);
    }

    /** Removes the requests whose time is up, for the caller to fail them. */
    List<PendingRequest<?>> expire(long now) {
        List<PendingRequest<?>> due = new ArrayList<>();
        while (!sent.isEmpty() && sent.peek().deadline() - now <= 0) {
            due.add(sent.peek());
            expired.add(sent.remove());
        }
        while (!unsent.isEmpty() && unsent.peek().deadline() - now <= 0) {
            due.add(removeUnsent());
        }
        return due;
    }

    /** The connection has ended: removes what was sent, for the caller to fail it. */
    List<PendingRequest<?>> lose() {
        List<PendingRequest<?>> lost = new ArrayList<>(sent);
        for (int i = expired.size() + sent.size(); i > 0; i--) {
            room.leave();
        }
        expired.clear();
        sent.clear();
        return lost;
    }

    /** The client has ended: removes everything, for the caller to fail it. */
    List<PendingRequest<?>> loseAll() {
        List<PendingRequest<?>> lost = lose();
        while (!unsent.isEmpty()) {
            lost.add(removeUnsent());
        }
        return lost;
    }

    private PendingRequest<?> removeUnsent() {
        PendingRequest<?> request = unsent.remove();
        room.onSent(request.bytes.length);
        room.leave();
        return request;
    }
}
