package io.socketz.state.gateway;

import io.socketz.state.etcd.transport.EtcdFailure.Kind;
import io.socketz.state.etcd.transport.EtcdTexts;

/** etcd has refused a request; the message is etcd's own. */
final class EtcdError extends Exception {
    private static final long serialVersionUID = 1;

    /** gRPC's status code; 0 if there is none. */
    private final int code;

    /**
     * A refusal with etcd's own message.
     *
     * @param code gRPC's status code; 0 if there is none
     */
    EtcdError(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    /** What etcd said. */
    String words() {
        return String.valueOf(getMessage());
    }

    /** Whether a new token may help: this one has expired, or users have changed since, or there was none. */
    boolean isAboutToken() {
        return has(EtcdTexts.OLD_TOKEN) || has(EtcdTexts.OLD_USERS) || has(EtcdTexts.NO_USER);
    }

    /** Whether etcd has no authentication. */
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
            // Not BAD_CREDENTIALS for UNAUTHENTICATED, 16: etcd has refused a new token, so it must catch up.
            case 1, 2, 4, 13, 14, 16 ->
                Kind.UNAVAILABLE; // CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE
            default -> Kind.REFUSED;
        };
    }

    private boolean has(String words) {
        return words().contains(words);
    }
}
