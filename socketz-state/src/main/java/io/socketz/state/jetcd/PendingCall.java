package io.socketz.state.jetcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way.
 *
 * <pre>{@code
 *   queued --send--> sent --succeed | fail--> done
 *      \--------------\-----cancel----------> done, and nobody is told
 * }</pre>
 */
final class PendingCall<T> implements EtcdTransport.Call {
    private final JetcdTransport transport;
    private final EtcdTransport.Answer<T> answer;

    /** Written by the owner; read by the worker, which need not send what is done. */
    private volatile boolean done;

    /** Null before it is sent. Owned by the worker. */
    private @Nullable EtcdChannel connection;

    PendingCall(JetcdTransport transport, EtcdTransport.Answer<T> answer) {
        this.transport = transport;
        this.answer = answer;
    }

    boolean isDone() {
        return done;
    }

    /** It goes over {@code connection}. */
    void onSend(EtcdChannel connection) {
        this.connection = connection;
    }

    /** Takes what {@code future} becomes. */
    <R> void follow(CompletableFuture<R> future, Function<R, T> value) {
        var unused = future.whenCompleteAsync(
                (response, thrown) -> {
                    if (thrown == null) {
                        succeed(value.apply(response));
                    } else {
                        fail(thrown);
                    }
                },
                transport.worker());
    }

    /** On the worker. */
    void succeed(T value) {
        transport.tell(now -> {
            if (!done) {
                done = true;
                answer.onAnswer(now, value);
            }
        });
    }

    /** On the worker. */
    void fail(Throwable thrown) {
        fail(transport.onFailure(connection, thrown));
    }

    /** On the worker. */
    void fail(EtcdFailure failure) {
        transport.tell(now -> {
            if (!done) {
                done = true;
                answer.onFailure(now, failure);
            }
        });
    }

    @Override
    public void cancel() {
        if (!done) {
            done = true;
            transport.worker().execute(() -> transport.onCancel(connection));
        }
    }
}
