package io.socketz.state.etcd.transport;

/**
 * Why a request was not answered.
 *
 * @param detail a few words for people; one line
 */
public record EtcdFailure(Kind kind, String detail) {
    /** What kind of failure it is, and so what can be done about it. */
    public enum Kind {
        /** No connection, no leader, a stopping server: another endpoint may work, or the same one later. */
        UNAVAILABLE,
        /** No answer in time. */
        TIMEOUT,
        /** There is no such lease; nothing has been written. */
        LEASE_NOT_FOUND,
        /** The requested revision is compacted. */
        COMPACTED,
        /** User or password is wrong or missing, or the user lacks the permission. */
        BAD_CREDENTIALS,
        /** etcd's certificate cannot be trusted: unknown authority, other host, expired. */
        UNTRUSTED,
        /** etcd wants a client certificate: it got none, or did not accept the one it got. */
        CLIENT_CERTIFICATE,
        /** What answers is not etcd, or its answer is not understood. */
        NOT_ETCD,
        /** etcd refuses for a reason of its own, for example a full disk. */
        REFUSED;

        /** Whether etcd is there and refuses, and will refuse again until somebody has changed something. */
        public boolean isRefusal() {
            return this == REFUSED || this == BAD_CREDENTIALS;
        }
    }

    /** Whether somebody has tried to log in although etcd has no authentication. */
    public boolean isAuthenticationOff() {
        return detail.contains(EtcdTexts.AUTHENTICATION_OFF);
    }

    @Override
    public String toString() {
        return detail;
    }
}
