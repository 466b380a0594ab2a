package io.socketz.client;

import io.socketz.client.SocketzException.Reason;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.Watching;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The watch of a client, and the events of its connection. A client has one watch at a time, and so has a connection.
 * Owned by the client's thread.
 *
 * <pre>{@code
 *             proceed                 its reply
 *   begun ----------------> asked ------------------> told <-----+
 *     ^        WATCH          |                        |         | resync, and the state
 *     |      [SINCE n]        | UNKNOWN_REVISION       +---------+
 *     |                       v
 *     +---- onLost ---- asked, told            close, in any state -- UNWATCH --> over
 *                                              refused, or its reply cannot be read --> over
 * }</pre>
 *
 * <p>Events of a watch that come when nothing is told are malformed: a server must not send any. Those that come after {@code
 * UNWATCH}, and before its reply, are dropped. Messages are told at any time, and events of unknown kinds are skipped unless a
 * watch hears them.
 */
final class WatchRouter implements PendingRequests.UnaskedListener {
    private static final String UNKNOWN_REVISION = "UNKNOWN_REVISION";

    private final PendingRequests pending;
    private final Room room;
    private final ClientListener listener;
    private final Thread clientThread;

    /** Null while there is none. */
    private @Nullable Server server;

    /** The watch of this client; null if it has none, or that has ended. */
    private @Nullable WatchCourse active;

    /** The watch whose events come on this connection, which may have ended; null if none. */
    private @Nullable WatchCourse told;

    /** The {@code WATCH} of {@link #active} that is not answered; null if none. */
    private @Nullable PendingRequest<?> asked;

    /** The {@code UNWATCH} that is not answered; null if none. */
    private @Nullable PendingRequest<?> ending;

    /** Whether an {@code UNWATCH} is to be sent on this connection. */
    private boolean mustEnd;

    /** Whether a resync has come, and its state not yet. */
    private boolean awaitsState;

    /** @param listener hears messages */
    WatchRouter(PendingRequests pending, Room room, ClientListener listener, Thread clientThread) {
        this.pending = pending;
        this.room = room;
        this.listener = listener;
        this.clientThread = clientThread;
        pending.tellUnasked(this);
    }

    /** A new watch; the one before is over. */
    void begin(WatchCourse course) {
        if (active != null) {
            close(active);
        }
        if (course.isOver()) {
            course.end();
        } else {
            active = course;
        }
    }

    /** A watch has been closed. */
    void close(WatchCourse course) {
        course.end();
        if (active == course) {
            active = null;
            mustEnd |= asked != null || told == course;
            asked = null;
        }
    }

    /** Whether the server tells what happens, and so sends something every few seconds. */
    boolean isTold() {
        return told != null;
    }

    void onConnected(Server now) {
        server = now;
    }

    /** The connection has ended. What was asked on it is lost; what was not sent goes to the next one. */
    void onLost(SocketzException why) {
        WatchCourse interrupted = told;
        WatchCourse unreadable = isReplyUnreadable(why) ? active : null;
        server = null;
        told = null;
        mustEnd = false;
        awaitsState = false;
        asked = asked == null || asked.isSent() ? null : asked;
        ending = ending == null || ending.isSent() ? null : ending;
        if (unreadable != null) {
            active = null;
            unreadable.fail(why); // it would be so each time
        }
        if (interrupted != null && interrupted == active) {
            interrupted.onLost(why);
        }
    }

    /** Whether the reply to {@link #asked} is what this client cannot read: perhaps a state above its limits. */
    private boolean isReplyUnreadable(SocketzException why) {
        return why.reason() == Reason.MALFORMED_REPLY
                && asked != null
                && asked.isSent()
                && pending.isNextTo(BuiltInCommands.WATCH);
    }

    /** The client has ended. */
    void onEnd(SocketzException why) {
        WatchCourse last = active;
        active = null;
        if (last != null) {
            last.fail(why);
        }
    }

    /** Asks for what is next. */
    void proceed(long now) {
        if (server == null || ending != null) {
            return;
        }
        WatchCourse course = active;
        if (mustEnd) {
            mustEnd = false;
            ending = ask(BuiltInCommands.UNWATCH.command(), now, (request, reply) -> {
                ending = null;
                told = null;
            });
            retryUnsent(ending, () -> {
                ending = null;
                mustEnd = told != null;
            });
        } else if (course != null && asked == null && told == null) {
            Command watch = course.command();
            PendingRequest<?> request = ask(watch, now, (done, reply) -> onReply(course, watch, reply));
            asked = request;
            retryUnsent(request, () -> asked = asked == request ? null : asked);
        }
    }

    /** At most two at a time: so they need no room that a program's requests might have taken. */
    private PendingRequest<?> ask(Command command, long now, BiConsumer<Command, Reply> onReply) {
        PendingRequest<Boolean> request = new PendingRequest<>(
                command,
                command.toBytes(),
                true,
                replies -> {
                    onReply.accept(command, replies.get(0));
                    return true;
                },
                clientThread);
        room.enterAnyway(request.bytes.length);
        pending.add(request, now);
        return request;
    }

    /** A request whose time is up is answered all the same, unless it was never sent. */
    private static void retryUnsent(PendingRequest<?> request, Runnable onUnsent) {
        var unused = request.answer.whenComplete((answer, e) -> {
            if (e != null && !request.isSent()) {
                onUnsent.run();
            }
        });
    }

    private void onReply(WatchCourse course, Command watch, Reply reply) {
        if (course == active) {
            asked = null;
        }
        if (reply instanceof Block.Clients state) {
            told = course;
            course.onState(state);
        } else if (reply instanceof Watching since) {
            told = course;
            if (server != null) {
                course.onResumed(server, since.revision());
            }
        } else if (reply instanceof Reply.Failure failure
                && failure.code().equals(UNKNOWN_REVISION)
                && watch.arguments().has("SINCE")) {
            course.forget(); // and asked for the state
        } else {
            active = course == active ? null : active;
            course.fail(
                    reply instanceof Reply.Failure failure
                            ? SocketzException.of(Reason.SERVER_ERROR, "", failure)
                            : new SocketzException(Reason.INVALID_COMMAND, "the server does not know this command"));
        }
    }

    // ---- What comes without a request.

    /** A message of this server. */
    void onMessage(Event.Message message) {
        if (server != null) {
            listener.onMessage(server, message.text());
        }
    }

    @Override
    public boolean takes(Reply reply) throws SocketzException {
        if (reply instanceof Event.Message message) {
            onMessage(message);
            return true;
        }
        WatchCourse course = told;
        if (awaitsState && course != null) {
            awaitsState = false;
            if (!(reply instanceof Block.Clients state)) {
                throw new SocketzException(
                        Reason.MALFORMED_REPLY, "the server sent a resync without the state that must follow");
            }
            course.onState(state);
            return true;
        }
        if (!(reply instanceof Event event)) {
            return false;
        }
        if (course == null) {
            // The state answers the request then.
            boolean precedesState = event instanceof Event.Resync && pending.isNextTo(BuiltInCommands.WATCH);
            if (precedesState || !event.isOfWatch()) {
                return true;
            }
            throw new SocketzException(Reason.MALFORMED_REPLY, "the server sent an event that nobody asked for");
        }
        if (event instanceof Event.Resync) {
            awaitsState = true;
        } else {
            course.onEvent(event);
        }
        return true;
    }
}
