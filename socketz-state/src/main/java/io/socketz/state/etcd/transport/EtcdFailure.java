package io.socketz.state.etcd.transport;

/**
 * Why a request was not answered.
 *
 * @param detail in a few words, for people; one line
 */
public record EtcdFailure(Kind kind, String detail) {
    /** What can be done about it differs. */
    public enum Kind {
        /** No connection, no leader, a stopping server: another endpoint, or a later time, may do. */
        UNAVAILABLE,
        /** No answer in time. */
        TIMEOUT,
        /** There is no such lease; nothing has been written. */
        LEASE_NOT_FOUND,
        /** The revision asked for is compacted. */
        COMPACTED,
        /** User or password is wrong, or missing, or the user may not do this. */
        BAD_CREDENTIALS,
        /** The certificate of etcd is not to be trusted: unknown authority, other host, expired. */
        UNTRUSTED,
        /** etcd wants a client certificate, and does not take the one it got, or got none. */
        CLIENT_CERTIFICATE,
        /** What answers is not etcd, or not understood. */
        NOT_ETCD,
        /** etcd said no, for a reason of its own, as a full disk. */
        REFUSED;

        /** Whether etcd is there and says no, and will say so again until somebody has changed something. */
        public boolean isRefusal() {
            return this == REFUSED || this == BAD_CREDENTIALS;
        }
    }

    @Override
    public String toString() {
        return detail;
    }
}
