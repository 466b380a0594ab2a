package io.socketz.state.etcd;

import io.socketz.state.Client;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client of this server, and what is known of its key. Owned by {@link OwnClients}. */
final class OwnClient {
    final long number;

    /** Null for a key that no client of this server has, and that is to be deleted. */
    final @Nullable Client client;

    /** The client is not connected any more: its key has to go. */
    boolean gone;

    /** The key may be in etcd: it was sent at least once. */
    boolean sent;

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

    /** The client; for a key that is to be put. */
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

    /** No revision means what it did. */
    void forgetRevisions() {
        writtenRevision = 0;
        touchedRevision = 0;
    }
}
