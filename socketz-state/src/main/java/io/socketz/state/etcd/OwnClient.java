package io.socketz.state.etcd;

import io.socketz.state.Client;
import io.socketz.state.etcd.Announcements.Announcement;
import io.socketz.state.etcd.ClosedClients.Closed;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client of this server, and what is known of its key. Owned by {@link OwnClients}. */
final class OwnClient {
    final long number;

    /** As it is now. Null for a key that no client of this server has, and that is to be deleted. */
    private @Nullable Client client;

    /** The client is not connected any more: its key has to go. */
    boolean gone;

    /** Why the client has left; null if it has not, or nobody needs to know. */
    @Nullable
    Closed why;

    /** The key may be in etcd: it was sent at least once. */
    boolean sent;

    /**
     * The first change of the client that was not sent yet, as {@link OwnClients#changes} counts; 0 if there is none. A key
     * that is in the queue all the same is not as it should be, and has not been for long.
     */
    long unsentChange;

    /** The key was seen to be wrong in etcd, and has not been written since. */
    boolean wrong;

    /** Who waits until the client is announced; null if nobody does. */
    @Nullable
    Announcement announcement;

    /** What the key hangs on, or is going to; null while it has none. */
    private @Nullable ClientLease lease;

    /** Revision at which the key was last written, as far as is known; 0 if it was not. */
    long writtenRevision;

    /** Revision at which the key was last seen deleted or altered, not by this server; 0 if it was not. */
    long touchedRevision;

    OwnClient(long number, @Nullable Client client) {
        this.number = number;
        this.client = client;
        this.gone = client == null;
        this.sent = client == null;
    }

    boolean hasClient() {
        return client != null;
    }

    /** Returns the client with its new name; it must have a client. */
    Client rename(@Nullable String name) {
        Client renamed = client().withName(name);
        client = renamed;
        return renamed;
    }

    /** The client as it is now; for a key that is to be put. */
    Client client() {
        return Objects.requireNonNull(client);
    }

    /** What the key hangs on, or is going to; null while it has none. */
    @Nullable
    ClientLease lease() {
        return lease;
    }

    /** Hangs the key on a lease, unless it hangs on one. */
    void hangOn(ClientLease on) {
        if (lease == null) {
            lease = on;
            on.onKeyAdded();
        }
    }

    /** Takes the key off its lease, if it has one. */
    void takeOffLease() {
        if (lease != null) {
            lease.onKeyRemoved();
            lease = null;
        }
    }

    /** etcd has written the key. */
    void onWritten(long revision) {
        writtenRevision = revision;
        if (lease != null) {
            lease.onKeyWritten();
        }
    }

    /** Tells whoever waits for the client. */
    void announce() {
        if (announcement != null) {
            announcement.tell();
            announcement = null;
        }
    }

    /** No revision means what it did. */
    void forgetRevisions() {
        writtenRevision = 0;
        touchedRevision = 0;
    }
}
