package io.socketz.server.session;

import io.socketz.server.event.CloseReason;
import io.socketz.server.nio.Attachment;
import io.socketz.server.nio.EventLoop;

/**
 * How long a session waits for whoever is at the other end. Owned by the session's loop.
 *
 * <p>In all methods {@code backlogged} says whether replies wait for the client, {@code awaitingAnswer} whether the client
 * waits for an answer or for its greeting, and {@code since} when it last did what the server waits for.
 */
final class Timeouts {
    /**
     * How long a connection that is not known to be a client may stay as it is while the server has no room for more
     * sockets. It takes no place, but those who connect next wait for its socket, and health checks are among them.
     */
    private static final long SHORT_TIMEOUT_NANOS = 250_000_000;

    private final SessionContext context;
    private final Presence presence;
    private final EventLoop loop;
    private final Attachment session;

    Timeouts(SessionContext context, Presence presence, EventLoop loop, Attachment session) {
        this.context = context;
        this.presence = presence;
        this.loop = loop;
        this.session = session;
    }

    boolean isOverdue(long now, long since, Phase phase, boolean backlogged, boolean awaitingAnswer) {
        long timeout = timeoutNanos(phase, backlogged, awaitingAnswer);
        return phase != Phase.CLOSING && timeout > 0 && since + timeout - now <= 0;
    }

    /** Requests do not reschedule the deadline: when it comes, it is checked, and scheduled again if it has moved. */
    void schedule(long since, Phase phase, boolean backlogged, boolean awaitingAnswer) {
        long timeout = timeoutNanos(phase, backlogged, awaitingAnswer);
        long next = since + timeout;
        if (!presence.hasPlace()) {
            // Room may run out meanwhile, which shortens its time.
            long look = loop.now() + SHORT_TIMEOUT_NANOS;
            next = timeout > 0 && next - look < 0 ? next : look;
        } else if (timeout == 0) {
            return;
        }
        loop.deadlines().scheduleBy(session, next);
    }

    /** Nanoseconds; 0 for as long as they like. */
    private long timeoutNanos(Phase phase, boolean backlogged, boolean awaitingAnswer) {
        long timeout = context.limits().timeoutNanos(phase, backlogged, awaitingAnswer);
        boolean mayStay = presence.hasPlace() || backlogged || awaitingAnswer || phase == Phase.FINISHING;
        if (mayStay || context.admission().hasRoom()) {
            return timeout;
        }
        return timeout == 0 ? SHORT_TIMEOUT_NANOS : Math.min(timeout, SHORT_TIMEOUT_NANOS);
    }

    /** Why a session ends that is overdue. */
    static Ending ending(Phase phase, boolean backlogged) {
        if (backlogged) {
            return new Ending(CloseReason.SLOW_CONSUMER, "");
        }
        return switch (phase) {
            case AWAITING_HEADER -> new Ending(CloseReason.PROXY_HEADER_TIMEOUT, "");
            case AWAITING_HANDSHAKE -> new Ending(CloseReason.TLS_HANDSHAKE_TIMEOUT, "");
            case AWAITING_FIRST_BYTE -> new Ending(CloseReason.FIRST_BYTE_TIMEOUT, "nothing was sent");
            case OPEN -> new Ending(CloseReason.IDLE_TIMEOUT, "nothing was sent for too long");
            case FINISHING -> new Ending(CloseReason.SLOW_CONSUMER, "");
            case LINGERING, CLOSING, CLOSED -> new Ending(CloseReason.CLIENT_CLOSED, "");
        };
    }
}
