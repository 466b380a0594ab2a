package io.socketz.client;

import io.socketz.protocol.reply.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

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
    /** Enough for one write. */
    private static final int BATCH = 64 << 10;

    private final long timeout;
    private final Room room;
    private final Deque<PendingRequest<?>> expired = new ArrayDeque<>();
    private final Deque<PendingRequest<?>> sent = new ArrayDeque<>();
    private final Deque<PendingRequest<?>> unsent = new ArrayDeque<>();

    PendingRequests(long timeout, Room room) {
        this.timeout = timeout;
        this.room = room;
    }

    /** A new request. */
    void add(PendingRequest<?> request, long now) {
        request.begin(now + timeout);
        unsent.add(request);
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
                next != null && (batch.isEmpty() || length + next.bytes.length <= BATCH);
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
            sent.add(request);
        }
        return bytes;
    }

    /**
     * A reply to the oldest request.
     *
     * @throws SocketzException if none is due, or another one
     */
    void onReply(Reply reply) throws SocketzException {
        Deque<PendingRequest<?>> oldest = expired.isEmpty() ? sent : expired;
        PendingRequest<?> request = oldest.peek();
        if (request == null) {
            throw new SocketzException(
                    SocketzException.Reason.MALFORMED_REPLY, "the server sent a reply that nobody asked for");
        }
        request.check(reply);
        if (request.isAnsweredBy(reply)) {
            oldest.remove();
            // Before it is answered: its caller may ask again at once.
            room.leave();
        }
        request.onReply(reply);
    }

    /** Nanoseconds until the next request expires, 0 if that has passed, or -1 if there is none. */
    long untilNext(long now) {
        PendingRequest<?> next = sent.isEmpty() ? unsent.peek() : sent.peek();
        return next == null ? -1 : Math.max(0, next.deadline() - now);
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
