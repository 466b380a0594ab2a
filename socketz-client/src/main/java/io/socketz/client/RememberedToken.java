package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import org.jspecify.annotations.Nullable;

/**
 * The last {@code AUTH} that a server has accepted. Rights belong to a connection, so each new connection begins with it,
 * before the requests that wait. Owned by the client's thread.
 *
 * <pre>{@code
 *            accepted               onConnected                   accepted
 *   none ---------------> known ------------------> sent again ---------------> known
 *                           ^                           |
 *                           +---------------------------+ refused: the listener hears of it; or lost
 * }</pre>
 */
final class RememberedToken implements PendingRequests.AnswerListener {
    private final PendingRequests pending;
    private final Room room;
    private final ClientListener listener;
    private final Thread clientThread;

    /** Null while there is none. */
    private @Nullable PendingRequest<?> accepted;

    /** The last one that was sent of itself, or is to be; null if none. */
    private @Nullable PendingRequest<?> repeated;

    RememberedToken(PendingRequests pending, Room room, ClientListener listener, Thread clientThread) {
        this.pending = pending;
        this.room = room;
        this.listener = listener;
        this.clientThread = clientThread;
        pending.tellAnswers(this);
    }

    @Override
    public void onAnswer(PendingRequest<?> request, Reply reply) {
        if (request.asksFor(BuiltInCommands.AUTH) && !reply.type().isRefusal()) {
            accepted = request;
        }
    }

    /** Requests go to {@code server} from now on, and none has been sent yet. */
    void onConnected(Server server, long now) {
        if (accepted == null || (repeated != null && repeated.isWaiting())) {
            return;
        }
        PendingRequest<Boolean> again = accepted.again(
                replies -> {
                    onReply(server, replies.get(0));
                    return true;
                },
                clientThread);
        repeated = again;
        // One at a time: so it needs no room that a program's requests might have taken.
        room.enterAnyway(again.bytes.length);
        pending.addFirst(again, now);
    }

    private void onReply(Server server, Reply reply) {
        if (reply instanceof Reply.Failure failure) {
            listener.onNotAuthorized(server, SocketzException.of(Reason.SERVER_ERROR, "", failure));
        } else if (reply.type().isRefusal()) {
            listener.onNotAuthorized(
                    server, new SocketzException(Reason.INVALID_COMMAND, "the server does not know this command"));
        }
    }
}
