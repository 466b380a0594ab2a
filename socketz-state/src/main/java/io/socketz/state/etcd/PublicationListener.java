package io.socketz.state.etcd;

import io.socketz.state.Client;
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

    /** A client of this server is to be disconnected; it is there. */
    void onKick(Client client, String reason);

    /** A key by which another server asks for something is not what it should be. */
    void onMalformedKick(String key, String why);

    /** A lease was not granted or not renewed; that will be retried. */
    void onLeaseFailed(long now, EtcdFailure failure);
}
