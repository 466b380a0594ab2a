package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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
    final byte[] bytes;
    final GuardedFuture<T> answer;

    private final Request request;

    /** Whether a refusal is an answer like any other: what a person typed may be nonsense. */
    private final boolean takesRefusal;

    private final Function<List<Reply>, T> reader;
    private final List<Reply> replies = new ArrayList<>(2);

    /** When it fails if it is not answered, as {@link System#nanoTime}; given when the client's thread takes it up. */
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
