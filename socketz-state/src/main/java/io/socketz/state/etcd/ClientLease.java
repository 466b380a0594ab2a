package io.socketz.state.etcd;

/** One of the leases that client keys hang on. Owned by {@link ClientLeases}. */
final class ClientLease {
    static final int MAX_KEYS = 1_000;

    private final long id;

    /** How many keys hang on it, or are going to. */
    private int keys;

    /** A key was written with it at least once. */
    private boolean used;

    long renewAt;

    ClientLease(long id, long renewAt) {
        this.id = id;
        this.renewAt = renewAt;
    }

    long id() {
        return id;
    }

    boolean isEmpty() {
        return keys == 0;
    }

    boolean hasRoom() {
        return keys < MAX_KEYS;
    }

    boolean isUsed() {
        return used;
    }

    /** One more key hangs on it, or is going to. */
    void onKeyAdded() {
        keys++;
    }

    /** One of its keys is not there any more. */
    void onKeyRemoved() {
        keys--;
    }

    /** One of its keys has been written. */
    void onKeyWritten() {
        used = true;
    }
}
