package io.socketz.state.gateway;

import io.socketz.state.etcd.EtcdFailure;
import io.socketz.state.etcd.EtcdFailure.Kind;
import java.io.IOException;

/** A certificate or key of our own can not be used. */
final class TlsFileException extends IOException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    TlsFileException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    EtcdFailure failure() {
        return new EtcdFailure(kind, String.valueOf(getMessage()));
    }
}
