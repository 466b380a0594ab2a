package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a client, and the connection that carries them while there is one. Says when that connection is of no
 * more use, by an exception, and leaves it to the caller to act on it. Owned by the client's thread.
 *
 * <pre>{@code
 *                         onConnected                                  failSent
 *   without connection --------------------> with a connection ------------------------> without connection
 *   requests wait,                           requests are sent in order,                 those sent have failed,
 *   and fail when their time is up           replies come in the same order              the others wait
 *
 *   either -- failAll --> all have failed
 * }</pre>
 */
final class RequestPipeline {
    private final Settings settings;
    private final PendingRequests pending;
    private final WatchRouter watches;
    private final Room room;
    private final ClientCounters counters;
    private final Thread clientThread;

    /** Null while there is none. */
    private @Nullable ServerConnection connection;

    /** The last failure since there was a connection: tells a request that waits in vain why. */
    private @Nullable Attempt lastAttempt;

    /** The request that ends the client, once there is one. */
    private @Nullable PendingRequest<?> quit;

    RequestPipeline(
            Settings settings,
            PendingRequests pending,
            WatchRouter watches,
            Room room,
            ClientCounters counters,
            Thread clientThread) {
        this.settings = settings;
        this.pending = pending;
        this.watches = watches;
        this.room = room;
        this.counters = counters;
        this.clientThread = clientThread;
    }

    /** A new request, whose room is taken. */
    void onAsked(PendingRequest<?> request, long now) {
        if (quit != null) {
            refuse(request, SocketzException.closed());
            return;
        }
        pending.add(request, now);
        if (request.quits()) {
            quit = request;
        }
    }

    /** Fails a new request, whose room is taken. From any thread. */
    void refuse(PendingRequest<?> request, SocketzException why) {
        room.onSent(request.bytes.length);
        room.leave();
        counters.onFailed();
        request.fail(why);
    }

    /** Whether a request that ends the client was made. */
    boolean isQuitting() {
        return quit != null;
    }

    /** Whether that request has been answered, or has failed. */
    boolean hasQuit() {
        return quit != null && quit.answer.isDone();
    }

    /** Requests go to this one from now on. */
    void onConnected(ServerConnection ready) {
        connection = ready;
        lastAttempt = null;
    }

    /** There is no connection yet, for this reason. */
    void onAttemptFailed(Attempt attempt) {
        lastAttempt = attempt;
    }

    /** Whether there may be something to read that the kernel does not know of. */
    boolean isUnread() {
        return connection != null && connection.isUnread();
    }

    /**
     * The kernel has something for the connection.
     *
     * @throws SocketzException if the connection has ended, or must be closed
     */
    void onReady(byte[] input, long now) throws SocketzException {
        if (connection != null) {
            connection.onReady(input, now);
        }
    }

    /**
     * Sends all that has gathered, in one write.
     *
     * @throws SocketzException if the connection has ended, or must be closed
     */
    void flush() throws SocketzException {
        if (connection != null) {
            connection.flush();
        }
    }

    /**
     * Fails requests whose time is up, and asks the server something if it has been quiet for too long.
     *
     * @throws SocketzException if the server does not answer any more
     */
    void onTime(long now) throws SocketzException {
        boolean late = expire(now);
        ServerConnection current = connection;
        if (current == null) {
            return;
        }
        // Also when nobody waits for a reply any more: no ping is sent until all replies have come.
        if ((late || pending.isLate()) && silentFrom(current) - now <= 0) {
            throw new SocketzException(Reason.CONNECTION_LOST, "the server is silent");
        }
        if (watches.isTold() && nowOverdueFrom(current) - now <= 0) {
            throw new SocketzException(Reason.CONNECTION_LOST, "the server is silent");
        }
        ping(current, now);
    }

    /** Nanoseconds until something is due, or -1 if nothing is. */
    long untilNext(long now) {
        long request = pending.untilNext(now);
        long next = request < 0 ? Long.MAX_VALUE : request;
        ServerConnection current = connection;
        if (current != null) {
            if (pending.isLate()) {
                next = Math.min(next, silentFrom(current) - now);
            } else if (settings.pingIntervalNanos() > 0 && pending.isEmpty()) {
                next = Math.min(next, nextPing(current) - now);
            }
            if (watches.isTold()) {
                next = Math.min(next, nowOverdueFrom(current) - now);
            }
        }
        return next == Long.MAX_VALUE ? -1 : Math.max(0, next);
    }

    /** Closes the connection, if there is one. What was sent is still to be failed, by {@link #failSent}. */
    void closeConnection() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /** Fails what was sent on the connection that has ended. */
    void failSent(SocketzException why) {
        pending.lose().forEach(request -> fail(request, why));
    }

    /** Fails everything. */
    void failAll(SocketzException why) {
        pending.loseAll().forEach(request -> fail(request, why));
    }

    /** Whether the time of a request was up. */
    private boolean expire(long now) {
        List<PendingRequest<?>> late = pending.expire(now);
        for (PendingRequest<?> request : late) {
            counters.onFailed();
            request.fail(
                    connection != null
                            ? new SocketzException(Reason.REQUEST_TIMEOUT, "no reply in time")
                            : new SocketzException(
                                    Reason.NOT_CONNECTED,
                                    "no server in time" + (lastAttempt == null ? "" : ": " + lastAttempt)));
        }
        return !late.isEmpty();
    }

    /** Sends a request of its own when the server has sent nothing for long: this shows whether the server is gone. */
    private void ping(ServerConnection current, long now) {
        if (settings.pingIntervalNanos() > 0 && quit == null && pending.isEmpty() && nextPing(current) - now <= 0) {
            Command why = BuiltInCommands.WHY.command();
            PendingRequest<List<Reply>> ping =
                    new PendingRequest<>(why, why.toBytes(), true, Function.identity(), clientThread);
            // If there is no room, other threads have requests on their way, which show the same.
            if (room.enter(ping.bytes.length)) {
                pending.add(ping, now);
            }
        }
    }

    private long nextPing(ServerConnection current) {
        return current.heard() + settings.pingIntervalNanos();
    }

    /** When the server is given up if it owes news to a watch, and nothing comes until then. */
    private long nowOverdueFrom(ServerConnection current) {
        return current.heard() + settings.nowIntervalNanos() + settings.requestTimeoutNanos();
    }

    /** When the server is given up if replies are late and nothing comes until then. */
    private long silentFrom(ServerConnection current) {
        return current.heard() + settings.requestTimeoutNanos();
    }

    /** The end of the connection is what a {@code QUIT} asked for. */
    private void fail(PendingRequest<?> request, SocketzException e) {
        if (request.quits()) {
            counters.onAnswered();
            request.onQuit();
        } else {
            counters.onFailed();
            request.fail(e);
        }
    }
}
