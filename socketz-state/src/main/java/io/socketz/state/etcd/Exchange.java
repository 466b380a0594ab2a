package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import io.socketz.state.etcd.transport.EtcdTransport.Call;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request and its answer, one at a time, with the time by which it must have come. */
final class Exchange {
    static final long TIMEOUT = TimeUnit.SECONDS.toNanos(2);

    private @Nullable Call call;

    /** Who waits; null when nobody does. Another object for each request. */
    private @Nullable Answer<?> answer;

    private long deadline = Long.MAX_VALUE;

    boolean isBusy() {
        return answer != null;
    }

    /** Makes a request; none may be under way. {@code then} is told what became of it, be it that nothing came in time. */
    <T> void start(long now, Function<Answer<T>, Call> request, Answer<T> then) {
        if (isBusy()) {
            throw new IllegalStateException("one at a time");
        }
        deadline = now + TIMEOUT;
        answer = then;
        call = request.apply(new Answer<T>() {
            @Override
            public void onAnswer(long now, T value) {
                if (answer == then) {
                    forget();
                    then.onAnswer(now, value);
                }
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                if (answer == then) {
                    forget();
                    then.onFailure(now, failure);
                }
            }
        });
    }

    /** When {@link #onTime} has something to do. */
    long deadline() {
        return deadline;
    }

    void onTime(long now) {
        Answer<?> waiting = answer;
        Call late = call;
        if (waiting != null && now >= deadline) {
            forget();
            if (late != null) { // null where the transport threw: what came of that is not known either
                late.cancel();
            }
            waiting.onFailure(now, new EtcdFailure(EtcdFailure.Kind.TIMEOUT, "no answer within 2 s"));
        }
    }

    /** Nobody wants to know any more what becomes of the request. */
    void forget() {
        call = null;
        answer = null;
        deadline = Long.MAX_VALUE;
    }
}
