package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import io.socketz.state.etcd.transport.EtcdTransport.Call;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request and its answer, one at a time, with a timeout. */
final class Exchange {
    private final Patience patience = new Patience();

    private @Nullable Call call;

    /** What waits for the answer, another object for each request; null if nothing waits. */
    private @Nullable Answer<?> answer;

    private long deadline = Long.MAX_VALUE;

    boolean isBusy() {
        return answer != null;
    }

    /** Makes a request; none may be under way. {@code then} hears the outcome, a timeout included. */
    <T> void start(long sentAt, Function<Answer<T>, Call> request, Answer<T> then) {
        if (isBusy()) {
            throw new IllegalStateException("one at a time");
        }
        deadline = sentAt + patience.nanos();
        answer = then;
        call = request.apply(new Answer<T>() {
            @Override
            public void onAnswer(long now, T value) {
                if (answer == then) {
                    forget();
                    patience.onAnswer(now - sentAt);
                    then.onAnswer(now, value);
                }
            }

            @Override
            public void onFailure(long now, EtcdFailure failure) {
                if (answer == then) {
                    forget();
                    patience.onFailure(failure.kind());
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
            if (late != null) { // null if the transport threw: the outcome of that is unknown as well
                late.cancel();
            }
            EtcdFailure failure = new EtcdFailure(EtcdFailure.Kind.TIMEOUT, "no answer within " + patience.text());
            patience.onFailure(failure.kind());
            waiting.onFailure(now, failure);
        }
    }

    /** Ignores the outcome of the request. */
    void forget() {
        call = null;
        answer = null;
        deadline = Long.MAX_VALUE;
    }
}
