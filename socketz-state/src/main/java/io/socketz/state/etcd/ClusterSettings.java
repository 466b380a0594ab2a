package io.socketz.state.etcd;

import java.time.Duration;

/**
 * What all servers of a cluster have in common.
 *
 * @param prefix what the cluster's keys begin with, for example {@code /socketz}: a slash, then printable ASCII, without a
 *     slash at its end
 * @param leaseTtl how long after its last sign of life a server is taken for dead: whole seconds, 1 or more; etcd may
 *     make it longer
 */
public record ClusterSettings(String prefix, Duration leaseTtl) {
    /** The prefix {@code /socketz}, and leases of 5 s. */
    public static final ClusterSettings DEFAULT = new ClusterSettings("/socketz", Duration.ofSeconds(5));

    /** Throws {@link IllegalArgumentException} for what is out of range. */
    public ClusterSettings {
        if (!prefix.matches("(/[!-.0-~]+)+")) {
            throw new IllegalArgumentException("a prefix is like /socketz, not '" + prefix + "'");
        }
        if (leaseTtl.getSeconds() < 1 || leaseTtl.getNano() != 0) {
            throw new IllegalArgumentException("a lease lasts whole seconds, 1 or more, not " + leaseTtl);
        }
    }
}
