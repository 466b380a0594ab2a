package io.socketz.state.etcd.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** No connection can be made now. Carries the {@link EtcdFailure} to where it is reported. */
public final class EtcdException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient EtcdFailure failure;

    /** Carries {@code failure}. */
    public EtcdException(EtcdFailure failure) {
        this(failure, null);
    }

    /** Carries {@code failure}, and what caused it. */
    public EtcdException(EtcdFailure failure, @Nullable Throwable cause) {
        super(failure.detail(), cause);
        this.failure = failure;
    }

    /** What to report. */
    public EtcdFailure failure() {
        return failure;
    }
}
