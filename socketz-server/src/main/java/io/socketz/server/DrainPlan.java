package io.socketz.server;

/**
 * When what of a drain is due. All times are as {@link System#nanoTime}.
 *
 * <pre>
 *   now -------- closeFrom ------------- closeUntil -------- cutAt --------- deadline
 *     notice:              clients are               the last        the registry
 *     all is as before     closed, spread            linger          is left
 * </pre>
 *
 * @param closeFrom from then on clients are closed
 * @param closeUntil by then each client has been told that was there before
 * @param cutAt by then no more are accepted, and each connection is closed, whatever waits
 */
record DrainPlan(long closeFrom, long closeUntil, long cutAt) {
    /** What leaving the registry may take when etcd does not answer. */
    private static final long LONGEST_LEAVE = 3_000_000_000L;

    /**
     * A plan from {@code now} to {@code deadline}. Where there is not time for all, the notice takes half of it at most,
     * and what comes behind the closing a fifth each of the rest.
     *
     * @param notice nanoseconds for those who ask the agent port to hear of it
     */
    static DrainPlan of(long now, long deadline, long notice) {
        long total = Math.max(0, deadline - now);
        long rest = total - Math.min(notice, total / 2);
        long leave = Math.min(LONGEST_LEAVE, rest / 5);
        long linger = Math.min(Connection.LINGER_TIMEOUT, rest / 5);
        long end = now + total;
        return new DrainPlan(end - rest, end - leave - linger, end - leave);
    }
}
