package io.socketz.state.etcd;

import io.socketz.state.Client;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client of this server, and what is known of its key. Owned by {@link Publication}. */
final class OwnClient {
    final long number;

    /** Null for a key that nobody here knows of, which is to be deleted. */
    final @Nullable Client client;

    /** It is not connected any more: its key has to go. */
    boolean gone;

    /** Its key may be in etcd: it was sent at least once. */
    boolean sent;

    /** What its key hangs on, or is going to; null while it has none. */
    ClientLeases.@Nullable Lease lease;

    /** Revision at which its key was last written, as far as is known; 0 if it was not. */
    long writtenRevision;

    /** Revision at which its key was last seen deleted or altered, not by us; 0 if it was not. */
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

    /** No revision means what it did. */
    void forgetRevisions() {
        writtenRevision = 0;
        touchedRevision = 0;
    }
}
