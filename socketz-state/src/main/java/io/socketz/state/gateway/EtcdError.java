package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTexts;

/** etcd's own no, in its own words. */
final class EtcdError extends Exception {
    private static final long serialVersionUID = 1;

    /** gRPC's status code; 0 where there is none. */
    private final int code;

    /**
     * As etcd put it.
     *
     * @param code gRPC's status code; 0 where there is none
     */
    EtcdError(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** What etcd said. */
    String words() {
        return String.valueOf(getMessage());
    }

    /** Whether another token may do: this one has expired, or the users were changed since, or there was none. */
    boolean isAboutToken() {
        return has(EtcdTexts.OLD_TOKEN) || has(EtcdTexts.OLD_USERS) || has(EtcdTexts.NO_USER);
    }

    /** Whether etcd asks nobody who they are. */
    boolean isAuthenticationOff() {
        return has(EtcdTexts.AUTHENTICATION_OFF);
    }

    Kind kind() {
        Kind said = EtcdTexts.kind(words());
        if (said != null) {
            return said;
        }
        return switch (code) {
            case 7 -> Kind.BAD_CREDENTIALS; // PERMISSION_DENIED
            // Not UNAUTHENTICATED, 16: it is about a token, of which a new one was just refused; etcd must catch up.
            case 1, 2, 4, 13, 14, 16 ->
                Kind.UNAVAILABLE; // CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE
            default -> Kind.REFUSED;
        };
    }

    private boolean has(String words) {
        return words().contains(words);
    }
}
