package io.socketz.server.haproxy;

import io.socketz.server.event.CloseReason;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.session.Session;
import io.socketz.server.session.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A client that may be let go.
 *
 * @param standing when it was chosen
 */
record Candidate(Session session, EventLoop loop, Standing standing) {
    /** Those that watch go last, since they miss nothing only if they know how to go on; else those go first that were idle for longest. */
    static final Comparator<Candidate> ORDER = Comparator.comparing(
                    (Candidate candidate) -> candidate.standing.watches())
            .thenComparing((a, b) -> Long.signum(a.standing.idleSince() - b.standing.idleSince()));

    /**
     * The candidates of a loop. On that loop.
     *
     * @param joinedBefore the others stay, as {@link System#nanoTime}
     */
    static List<Candidate> of(EventLoop loop, long joinedBefore) {
        List<Candidate> candidates = new ArrayList<>();
        for (Session session : loop.attachments(Session.class)) {
            Standing standing = session.standing();
            if (standing != null && standing.joinedAt() - joinedBefore < 0) {
                candidates.add(new Candidate(session, loop, standing));
            }
        }
        return candidates;
    }

    /**
     * Ends the session soon. From any thread.
     *
     * @param onStays run on the session's loop instead if it cannot go now, or has gone
     */
    void letGo(Runnable onStays) {
        loop.execute(() -> loop.guard(session, () -> {
            Standing now = session.standing();
            if (now == null || (now.watches() && !standing.watches())) {
                onStays.run();
            } else {
                session.stop(CloseReason.REBALANCED);
            }
        }));
    }
}
