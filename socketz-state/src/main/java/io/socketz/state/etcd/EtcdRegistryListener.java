package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import java.time.Duration;

/**
 * Hears how a registry gets on with etcd. Called on the state thread, so it must be quick. Each change is reported once,
 * when it happens, not for as long as it lasts.
 */
public interface EtcdRegistryListener {
    /** Ignores everything. */
    EtcdRegistryListener NONE = new EtcdRegistryListener() {};

    /** The roster of the cluster is known, and this server is in it. */
    default void onConnected(int members, int clients, long revision) {}

    /** etcd does not answer, or not as it should: the roster grows old. The registry retries until it does. */
    default void onDisconnected(EtcdFailure failure) {}

    /** etcd can be read but refuses writes: other servers do not see this one's changes. The registry retries until it does. */
    default void onWritesRefused(EtcdFailure failure) {}

    /** The member lease was lost while etcd was there: for a while, this server was not a member. */
    default void onLapsed(Duration sinceRenewed) {}

    /** etcd's revision went back: etcd has lost its data, or another etcd has taken its place. */
    default void onDataLost(long revision, long before) {}

    /** A key under the prefix was skipped, since it is not what {@code docs/state.md} says should be there. */
    default void onSkipped(String key, String why) {}
}
