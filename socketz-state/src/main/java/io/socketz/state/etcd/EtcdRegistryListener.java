package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import java.time.Duration;

/**
 * Is told how a registry gets on with etcd; on the state thread, so it must be quick. Each is told once, when it becomes
 * so, not as long as it is so.
 */
public interface EtcdRegistryListener {
    /** Nobody wants to know. */
    EtcdRegistryListener NONE = new EtcdRegistryListener() {};

    /** The roster of the cluster is known, and this server is in it. */
    default void onConnected(int members, int clients, long revision) {}

    /** etcd does not answer, or not as it should: the roster grows old. Retried until it does. */
    default void onDisconnected(EtcdFailure failure) {}

    /** etcd can be read, but refuses what this server writes: other servers do not see its changes. Retried until it does not. */
    default void onWritesRefused(EtcdFailure failure) {}

    /** The member key was lost while etcd was there, after which this server was no member for a while. */
    default void onLapsed(Duration sinceRenewed) {}

    /** etcd's revision went back: it has lost its data, or another etcd has taken its place. */
    default void onDataLost(long revision, long before) {}

    /** Something under the prefix was skipped, since it is not what {@code docs/state.md} says should be there. */
    default void onSkipped(String key, String why) {}
}
