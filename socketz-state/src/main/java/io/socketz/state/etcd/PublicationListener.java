package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import java.time.Duration;

/** Hears what becomes of the keys and leases that this server has in etcd. */
interface PublicationListener {
    /** etcd has written, at {@code revision}, what was sent at {@code sentAt}. */
    void onCommitted(long now, long sentAt, long revision);

    /** A commit has failed; it will be retried. */
    void onCommitFailed(long now, EtcdFailure failure);

    /** etcd's revision is lower than it was before. */
    void onRevisionBack(long now, long revision);

    /** The member lease is gone, and the member key with it. */
    void onLapsed(Duration sinceRenewed);

    /** A lease was not granted or not renewed; that will be retried. */
    void onLeaseFailed(long now, EtcdFailure failure);
}
