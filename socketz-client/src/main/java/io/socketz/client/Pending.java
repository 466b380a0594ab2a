package io.socketz.client;

import io.socketz.protocol.reply.Reply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The requests that were made and are not answered, in order. Pure: time is an argument. Owned by the client's thread.
 *
 * <pre>{@code
 *   add --> unsent --take--> sent --onReply--> answered
 *             |               |
 *             +----expire-----+--> of these the replies come all the same: expired --onReply--> dropped
 * }</pre>
 *
 * <p>Replies keep the order of requests, so one that comes late is known by its place: it is dropped, and the ones behind
 * it find whom they belong to. What was taken is sent or lost, and never taken again.
 */
final class Pending {
    /** Enough for one write. */
    private static final int BATCH = 64 << 10;

    private final long timeout;
    private final Room room;
    private final Deque<Question<?>> expired = new ArrayDeque<>();
    private final Deque<Question<?>> sent = new ArrayDeque<>();
    private final Deque<Question<?>> unsent = new ArrayDeque<>();

    Pending(long timeout, Room room) {
        this.timeout = timeout;
        this.room = room;
    }

    /** A new request. */
    void add(Question<?> question, long now) {
        question.begin(now + timeout);
        unsent.add(question);
    }

    /** Whether no reply is due. */
    boolean isQuiet() {
        return expired.isEmpty() && sent.isEmpty();
    }

    /** Whether a reply is due to a request whose time is up. */
    boolean isLate() {
        return !expired.isEmpty();
    }

    /** Whether there is none. */
    boolean isEmpty() {
        return isQuiet() && unsent.isEmpty();
    }

    /** The bytes to send next, of as many requests as make a write; empty if there are none. */
    byte[] take() {
        List<Question<?>> batch = new ArrayList<>();
        int length = 0;
        for (Question<?> next = unsent.peek();
                next != null && (batch.isEmpty() || length + next.bytes.length <= BATCH);
                next = unsent.peek()) {
            length += next.bytes.length;
            batch.add(unsent.remove());
        }
        byte[] bytes = new byte[length];
        int at = 0;
        for (Question<?> question : batch) {
            System.arraycopy(question.bytes, 0, bytes, at, question.bytes.length);
            at += question.bytes.length;
            room.onSent(question.bytes.length);
            sent.add(question);
        }
        return bytes;
    }

    /**
     * A reply to the oldest request.
     *
     * @throws SocketzException if none is due, or another one
     */
    void onReply(Reply reply) throws SocketzException {
        Deque<Question<?>> oldest = expired.isEmpty() ? sent : expired;
        Question<?> question = oldest.peek();
        if (question == null) {
            throw new SocketzException(
                    SocketzException.Reason.MALFORMED_REPLY, "the server sent a reply that nobody asked for");
        }
        question.check(reply);
        if (question.isAnsweredBy(reply)) {
            oldest.remove();
            // Before it is answered: who waits for the answer may want to ask again at once.
            room.leave();
        }
        question.onReply(reply);
    }

    /** Nanoseconds until the next request expires, 0 if that has passed, or -1 if there is none. */
    long untilNext(long now) {
        Question<?> next = sent.isEmpty() ? unsent.peek() : sent.peek();
        return next == null ? -1 : Math.max(0, next.deadline() - now);
    }

    /** Takes out the requests whose time is up, for the caller to fail them. */
    List<Question<?>> expire(long now) {
        List<Question<?>> due = new ArrayList<>();
        while (!sent.isEmpty() && sent.peek().deadline() - now <= 0) {
            due.add(sent.peek());
            expired.add(sent.remove());
        }
        while (!unsent.isEmpty() && unsent.peek().deadline() - now <= 0) {
            due.add(removeUnsent());
        }
        return due;
    }

    /** The connection has ended: takes out what was sent, for the caller to fail it. */
    List<Question<?>> lose() {
        List<Question<?>> lost = new ArrayList<>(sent);
        for (int i = expired.size() + sent.size(); i > 0; i--) {
            room.leave();
        }
        expired.clear();
        sent.clear();
        return lost;
    }

    /** The client has ended: takes out everything, for the caller to fail it. */
    List<Question<?>> loseAll() {
        List<Question<?>> lost = lose();
        while (!unsent.isEmpty()) {
            lost.add(removeUnsent());
        }
        return lost;
    }

    private Question<?> removeUnsent() {
        Question<?> question = unsent.remove();
        room.onSent(question.bytes.length);
        room.leave();
        return question;
    }
}
