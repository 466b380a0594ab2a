package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request and the future of its answer. Owned by the client's thread once it was asked.
 *
 * <pre>{@code
 *   UNSENT ------> SENT -------> answered
 *     |             |
 *     | time        | time
 *     v             v
 *   failed        EXPIRED: failed, and its replies are still to come
 * }</pre>
 *
 * @param <T> what the replies are turned into
 */
final class PendingRequest<T> {
    /**
     * How much longer a kick may take: a server waits 500 ms for a fresh roster, and 5 s until clients are gone (docs/protocol.md,
     * KICK).
     */
    static final long KICK_NANOS = TimeUnit.SECONDS.toNanos(6);

    /** How much longer an audit may take: 10 s, and as long as it waits for another one (docs/protocol.md, AUDIT). */
    static final long AUDIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    final byte[] bytes;
    final GuardedFuture<T> answer;

    private final Request request;

    /** Whether a refusal is an answer like any other: what a person typed may be nonsense. */
    private final boolean takesRefusal;

    private final Function<List<Reply>, T> reader;
    private final List<Reply> replies = new ArrayList<>(2);

    private boolean sent;

    /**
     * When it fails if it is not answered, as {@link System#nanoTime}; given when the client's thread takes it up, and later
     * when it is sent if the server may take longer, for this request or for one before it.
     */
    private long deadline;

    PendingRequest(
            Request request, byte[] bytes, boolean takesRefusal, Function<List<Reply>, T> reader, Thread clientThread) {
        this.bytes = bytes;
        this.request = request;
        this.takesRefusal = takesRefusal;
        this.reader = reader;
        this.answer = new GuardedFuture<>(clientThread);
    }

    /** Whether it ends the session. */
    boolean quits() {
        return request.endsConnection();
    }

    void begin(long deadline) {
        this.deadline = deadline;
    }

    long deadline() {
        return deadline;
    }

    /**
     * It is on its way. Replies keep the order of requests, so its time is up no earlier than that of the one before.
     *
     * @param before what was sent last and is not answered; null if nothing is
     */
    void onSent(@Nullable PendingRequest<?> before) {
        sent = true;
        if (before != null && before.deadline - deadline > 0) {
            deadline = before.deadline;
        }
        if (asksFor(BuiltInCommands.KICK) || asksFor(BuiltInCommands.KICK_ADDR) || asksFor(BuiltInCommands.KICK_NAME)) {
            deadline += KICK_NANOS;
        } else if (asksFor(BuiltInCommands.AUDIT)) {
            deadline += AUDIT_NANOS;
        }
    }

    /** Whether it is still to be sent. */
    boolean isWaiting() {
        return !sent && !answer.isDone();
    }

    /** The same request once more; a refusal is an answer to this one. */
    <R> PendingRequest<R> again(Function<List<Reply>, R> otherReader, Thread clientThread) {
        return new PendingRequest<>(request, bytes, true, otherReader, clientThread);
    }

    /** Whether the server gets it, unless the connection is lost: then its replies come, however late. */
    boolean isSent() {
        return sent;
    }

    /** Whether it is a command of {@code row}. */
    boolean asksFor(CommandRow row) {
        return request.asksFor(row);
    }

    /** Whether {@code reply} would answer it. */
    boolean isAnsweredBy(Reply reply) {
        return isRefusal(reply) || replies.size() + 1 == request.replyCount();
    }

    /**
     * Checks that {@code reply} can be one to this.
     *
     * @throws SocketzException if not: server and client are out of step
     */
    void check(Reply reply) throws SocketzException {
        int place = replies.size();
        if (!isRefusal(reply) && (place >= request.replyCount() || !request.admits(reply, place))) {
            throw new SocketzException(Reason.MALFORMED_REPLY, "the server sent a reply to something else");
        }
    }

    /** Takes the next reply, which was checked. The last one answers the request. */
    void onReply(Reply reply) {
        if (isRefusal(reply)) {
            refuse(reply);
            return;
        }
        replies.add(reply);
        if (replies.size() == request.replyCount()) {
            answer.complete(reader.apply(List.copyOf(replies)));
        }
    }

    /** In place of its first reply. */
    private boolean isRefusal(Reply reply) {
        return replies.isEmpty() && reply.type().isRefusal();
    }

    /** The connection has ended, as this one asked. */
    void onQuit() {
        answer.complete(reader.apply(List.of()));
    }

    void fail(SocketzException e) {
        answer.completeExceptionally(e);
    }

    private void refuse(Reply reply) {
        if (takesRefusal) {
            answer.complete(reader.apply(List.of(reply)));
        } else if (reply instanceof Reply.Failure failure) {
            fail(SocketzException.of(Reason.SERVER_ERROR, "", failure));
        } else {
            fail(new SocketzException(Reason.INVALID_COMMAND, "the server does not know this command"));
        }
    }
}
