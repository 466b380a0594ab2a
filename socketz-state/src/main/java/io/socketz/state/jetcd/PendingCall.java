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
 *      \--------------\-----cancel----------> done, without a callback
 * }</pre>
 */
final class PendingCall<T> implements EtcdTransport.Call {
    private final JetcdTransport transport;
    private final EtcdTransport.Answer<T> answer;

    /** Written by the owner; read by the worker, which does not send a call that is done. */
    private volatile boolean done;

    /** Null before the call is sent. Owned by the worker. */
    private @Nullable EtcdChannel connection;

    PendingCall(JetcdTransport transport, EtcdTransport.Answer<T> answer) {
        this.transport = transport;
        this.answer = answer;
    }

    boolean isDone() {
        return done;
    }

    /** The call is sent over {@code connection}. */
    void onSend(EtcdChannel connection) {
        this.connection = connection;
    }

    /** Ends as {@code future} does. */
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
