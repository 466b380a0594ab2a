package io.socketz.state.etcd;

import io.socketz.state.DurationHistogram;
import io.socketz.state.RegistryMetrics.RosterGauges;
import io.socketz.state.RegistryMetrics.StoreMetrics;
import java.util.concurrent.TimeUnit;

/**
 * How a {@link Replication} was at the end of an event, for other threads. Times are those of its clock, in nanoseconds.
 *
 * @param clients on the roster
 * @param members servers on the roster
 * @param revision of the roster
 * @param watching whether changes of other servers arrive
 * @param confirmedAt up to when the roster is known to be complete
 * @param published whether other servers see what this one writes
 * @param commitsFail whether the last commit has failed
 * @param committedAt when the last successful commit was sent
 * @param failedCommits how many commits have failed
 * @param failures how often something has failed
 * @param resyncs how often everything was read, but for the first time
 * @param queuedKeys client keys that are on their way, or wait for that
 * @param repaired how many client keys that were wrong have been repaired
 * @param leaseEndsAt when the member lease ends if it is renewed no more; {@link MemberLease#NO_LEASE} if there is none
 */
record ReplicationStatus(
        int clients,
        int members,
        long revision,
        boolean watching,
        long confirmedAt,
        boolean published,
        boolean commitsFail,
        long committedAt,
        long failedCommits,
        long failures,
        long resyncs,
        int queuedKeys,
        long repaired,
        long leaseEndsAt) {
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    RosterGauges roster(long now) {
        boolean well = watching && published;
        return new RosterGauges(clients, members, revision, well ? 0 : secondsSince(confirmedAt, now), well);
    }

    /** @param commits how long commits took */
    StoreMetrics store(long now, DurationHistogram commits) {
        return new StoreMetrics(
                isUp(),
                isUp() ? 0 : secondsSince(lastUp(), now),
                commits,
                failedCommits,
                queuedKeys,
                failures,
                resyncs,
                leaseEndsAt == MemberLease.NO_LEASE ? 0 : Math.max(0, leaseEndsAt - now) / NANOS_PER_SECOND);
    }

    private boolean isUp() {
        return watching && !commitsFail;
    }

    /** When reads and writes last succeeded. */
    private long lastUp() {
        if (watching) {
            return committedAt;
        }
        return commitsFail ? Math.min(committedAt, confirmedAt) : confirmedAt;
    }

    private static double secondsSince(long time, long now) {
        return Math.max(0, now - time) / NANOS_PER_SECOND;
    }
}
