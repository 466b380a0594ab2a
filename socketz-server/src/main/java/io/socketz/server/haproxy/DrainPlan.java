package io.socketz.server.haproxy;

import io.socketz.server.session.Limits;

/**
 * When each step of a drain is due. All times are as {@link System#nanoTime}.
 *
 * <pre>
 *   now -------- closeFrom ------------- closeUntil -------- cutAt --------- deadline
 *     notice:              clients are               the last        the server leaves
 *     all is as before     closed, spread            linger          the registry
 * </pre>
 *
 * @param closeFrom when the first clients are closed
 * @param closeUntil when all clients that were connected at {@code closeFrom} have been told to end
 * @param cutAt when no more connections are accepted, and those that are left are closed, whatever they wait for
 */
public record DrainPlan(long closeFrom, long closeUntil, long cutAt) {
    /** The time to leave the registry when etcd does not answer. */
    private static final long LONGEST_LEAVE_NANOS = 3_000_000_000L;

    /**
     * A plan from {@code now} to {@code deadline}. If there is not time for everything, the notice takes at most half of
     * it, and lingering and leaving at most a fifth each of the rest.
     *
     * @param noticeNanos how long HAProxy has to learn of the drain from the agent port
     */
    public static DrainPlan of(long now, long deadline, long noticeNanos) {
        long total = Math.max(0, deadline - now);
        long rest = total - Math.min(noticeNanos, total / 2);
        long leave = Math.min(LONGEST_LEAVE_NANOS, rest / 5);
        long linger = Math.min(Limits.LINGER_NANOS, rest / 5);
        long end = now + total;
        return new DrainPlan(end - rest, end - leave - linger, end - leave);
    }
}
