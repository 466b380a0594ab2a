package io.socketz.state;

import java.util.Map;
import java.util.Optional;

/**
 * Counters and gauges of a registry, as they were read: {@link Registry#metrics}. Counters count from when it was opened.
 * Values that were read one after the other need not fit together exactly.
 *
 * @param roster what it knows of the cluster
 * @param own joins and leaves of this server's clients
 * @param cluster joins and leaves of all clients of the cluster, as the store told of them; those who were there when the
 *     store was first read have not joined
 * @param repaired how many keys that were wrong have been repaired, however that was noticed; a counter
 * @param store how the store serves this server; empty without a store
 */
public record RegistryMetrics(
        RosterGauges roster, JoinsAndLeaves own, JoinsAndLeaves cluster, long repaired, Optional<StoreMetrics> store) {
    /**
     * The roster. All of these are gauges.
     *
     * @param clients of all servers
     * @param members servers of the cluster, this one included
     * @param revision of the store, as {@link Roster#revision}
     * @param ageSeconds how old is what is known of other servers; 0 while it is kept up to date
     * @param well whether it is kept up to date, and other servers can see this one and its clients
     */
    public record RosterGauges(int clients, int members, long revision, double ageSeconds, boolean well) {}

    /**
     * How many clients have joined and left. Counters.
     *
     * @param leaves by reason, in the order of the reasons, which are as in {@link Departure}; those that have never occurred
     *     are missing
     */
    public record JoinsAndLeaves(long joins, Map<String, Long> leaves) {}

    /**
     * How the store serves this server.
     *
     * @param up whether it answers: reads and writes; a gauge
     * @param downSeconds for how long it has not answered, 0 while it is {@code up}; a gauge
     * @param commits how long it took to answer writes that have succeeded
     * @param failedCommits writes that have failed, each of which is tried again; a counter
     * @param queuedKeys client keys that are being written, or wait for that; a gauge
     * @param retries how often something has failed that is tried again, writes included; a counter
     * @param resyncs how often everything was read again, since changes may have been missed; a counter
     * @param leaseSeconds how long other servers would still show this one if it renewed its lease no more, 0 without a lease;
     *     a gauge
     */
    public record StoreMetrics(
            boolean up,
            double downSeconds,
            DurationHistogram commits,
            long failedCommits,
            int queuedKeys,
            long retries,
            long resyncs,
            double leaseSeconds) {}
}
