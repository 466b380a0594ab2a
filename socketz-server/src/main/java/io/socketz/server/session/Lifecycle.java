package io.socketz.server.session;

import io.socketz.server.event.CloseReason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a session is in its life, and why it ends. Owned by the session's loop.
 *
 * <pre>{@code
 *   AWAITING_HEADER --PROXY header--> AWAITING_HANDSHAKE --TLS--> AWAITING_FIRST_BYTE --first byte--> OPEN
 *    (from a proxy)                    (with TLS)                  (joined; greeted when announced)    |
 *          |                               |                           |    QUIT, a limit, the server stops,
 *          | no header, or a bad one       | no handshake              v    or the client ends         v
 *          |                               |                       FINISHING <-------------------------+
 *          |                               |                           |  all replies sent, and taken except for
 *          |                               |                           v  16 KiB: output shut down
 *          |                               |                       LINGERING
 *          v                               v                           |  the client has ended its side, or 1 s has passed
 *       CLOSING <--------------------------+---------------------------+
 *        |   ^
 *        |   +--- from anywhere: the client's end, a broken connection, a client that does not read
 *        |  the event ends
 *        v
 *      CLOSED
 * }</pre>
 *
 * <p>What ends the session at once is recorded where it happens, as CLOSING. The session acts on it where the event ends, so
 * that no step in between finds it closed.
 */
final class Lifecycle {
    /** So that an int, for which there is room in the object, is enough for 497 days. */
    private static final int NANOS_PER_TICK = 10_000_000;

    private final int beganAtTick;

    private Phase phase;

    /** Null until something has ended the session. */
    private @Nullable Ending ending;

    /**
     * @param first the phase in which the session begins
     * @param now as {@link System#nanoTime}
     */
    Lifecycle(Phase first, long now) {
        this.phase = first;
        this.beganAtTick = tick(now);
    }

    /** How long ago it began, to 10 ms. */
    long nanos(long now) {
        return Integer.toUnsignedLong(tick(now) - beganAtTick) * NANOS_PER_TICK;
    }

    private static int tick(long nanos) {
        return (int) Math.floorDiv(nanos, NANOS_PER_TICK);
    }

    Phase phase() {
        return phase;
    }

    boolean is(Phase asked) {
        return phase == asked;
    }

    /** As {@link Phase#isServing}. */
    boolean isServing() {
        return phase.isServing();
    }

    /** As {@link Phase#isReceiving}. */
    boolean isReceiving() {
        return phase.isReceiving();
    }

    /** TLS comes next. */
    void awaitHandshake() {
        phase = Phase.AWAITING_HANDSHAKE;
    }

    /** All that comes before the client's own bytes is complete: the PROXY header, the TLS handshake. */
    void onOpened() {
        phase = Phase.AWAITING_FIRST_BYTE;
    }

    /** The client has sent something. */
    void onFirstByte() {
        phase = Phase.OPEN;
    }

    /** No more requests are answered. */
    void finish(Ending why) {
        ending = why;
        phase = Phase.FINISHING;
    }

    /** The output is shut down. */
    void onOutputEnded() {
        phase = Phase.LINGERING;
    }

    /** The session is closed where this event ends. The first reason counts, unless a later one says why replies are lost. */
    void closeFor(CloseReason reason, String detail) {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSING;
            if (ending == null || reason.discardsReplies() || reason == CloseReason.INTERNAL_ERROR) {
                ending = new Ending(reason, detail);
            }
        }
    }

    /** The session, which is closing, is closed now. Returns why. */
    Ending onClosed() {
        phase = Phase.CLOSED;
        return Objects.requireNonNull(ending);
    }
}
