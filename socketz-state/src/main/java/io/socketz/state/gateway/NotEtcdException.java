package io.socketz.state.gateway;

import java.io.IOException;

/** Something answered, but not as etcd does. */
final class NotEtcdException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param message what answered instead, in one line */
    NotEtcdException(String message) {
        super(message);
    }
}
