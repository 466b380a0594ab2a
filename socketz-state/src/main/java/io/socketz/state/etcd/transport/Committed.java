package io.socketz.state.etcd.transport;

/**
 * What became of a transaction.
 *
 * @param written whether it was applied: all of it, or nothing
 * @param revision of the writes; if nothing was written, the one at which the key of the {@link Fence} was last set, 0 if it is
 *     not there
 */
public record Committed(boolean written, long revision) {}
