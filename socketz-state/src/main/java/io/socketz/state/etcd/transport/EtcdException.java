package io.socketz.state.etcd.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There can be no connection now; where {@link EtcdFailure} is to be told, but not there yet. */
public final class EtcdException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient EtcdFailure failure;

    /** Of what is to be told. */
    public EtcdException(EtcdFailure failure) {
        this(failure, null);
    }

    /** With what it came from. */
    public EtcdException(EtcdFailure failure, @Nullable Throwable cause) {
        super(failure.detail(), cause);
        this.failure = failure;
    }

    /** What is to be told. */
    public EtcdFailure failure() {
        return failure;
    }
}
