package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait until a change of this server's clients is known to all: each is told once.
 *
 * <pre>{@code
 *   join --> WAITING --+--committed, together with the member key---------------------> told: every server knows
 *               |      +--left, or this server leaves---------------------------------> told: nobody needs to know
 *               |      +--500 ms have passed, or etcd is found to be away: all of them-> told: others may not know
 *               v                                                                        ^
 *            etcd is away, as far as is known: at once ----------------------------------+
 * }</pre>
 *
 * etcd is away if it has refused the last commit, if commits have failed for 500 ms, or if somebody has waited 500 ms in
 * vain; until a commit of the member key succeeds.
 */
final class Announcements {
    /** How long anybody waits at most. */
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** Someone who waits for a change of a client. */
    static final class Announcement {
        private final long until;

        /** Null once it was run. */
        private @Nullable Runnable onAnnounced;

        /** Of an earlier change of the same client, which is known whenever this one is; null if there is none. */
        private @Nullable Announcement earlier;

        private Announcement(long until, Runnable onAnnounced, @Nullable Announcement earlier) {
            this.until = until;
            this.onAnnounced = onAnnounced;
            this.earlier = earlier;
        }

        /** Tells whoever waits for this change, or an earlier one of the same client; nobody twice. */
        void tell() {
            for (Announcement next = this; next != null; next = next.takeEarlier()) {
                Runnable waiting = next.onAnnounced;
                next.onAnnounced = null;
                if (waiting != null) {
                    waiting.run();
                }
            }
        }

        private @Nullable Announcement takeEarlier() {
            Announcement taken = earlier;
            earlier = null;
            return taken;
        }
    }

    /** In order of arrival; those at its end may have been told already, the first one has not. */
    private final Deque<Announcement> waiting = new ArrayDeque<>();

    /** When the first of the commits that have failed in a row was sent; {@link Long#MAX_VALUE} if the last one succeeded. */
    private long failingSince = Long.MAX_VALUE;

    private boolean away;

    /**
     * A client of this server has changed.
     *
     * @param earlier of the same client; null if there is none
     * @return null if {@code onAnnounced} was run at once
     */
    @Nullable
    Announcement add(long now, Runnable onAnnounced, @Nullable Announcement earlier) {
        if (away) {
            onAnnounced.run();
            return earlier;
        }
        Announcement added = new Announcement(now + PATIENCE_NANOS, onAnnounced, earlier);
        waiting.addLast(added);
        return added;
    }

    /** Whether nobody waits, since etcd is away as far as is known. */
    boolean isAway() {
        return away;
    }

    /** A commit of the member key has succeeded, and those who waited for it were told. */
    void onCommitted() {
        away = false;
        failingSince = Long.MAX_VALUE;
        forgetTold();
    }

    void onCommitFailed(long now, long sentAt, Kind kind) {
        failingSince = Math.min(failingSince, sentAt);
        if (kind.isRefusal() || now - failingSince >= PATIENCE_NANOS) {
            away = true;
            tellAll();
        }
    }

    /** When the first one has waited for long enough. */
    long deadline() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.getFirst().until;
    }

    void onTime(long now) {
        forgetTold();
        if (now >= deadline()) {
            away = true;
            tellAll();
        }
    }

    /** Nobody waits any longer. */
    void tellAll() {
        while (!waiting.isEmpty()) {
            waiting.removeFirst().tell();
        }
    }

    private void forgetTold() {
        while (!waiting.isEmpty() && waiting.getFirst().onAnnounced == null) {
            waiting.removeFirst();
        }
    }
}
