package io.socketz.state.etcd;

import io.socketz.state.etcd.transport.EtcdFailure;
import io.socketz.state.etcd.transport.EtcdTransport.Answer;
import io.socketz.state.etcd.transport.EtcdTransport.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request and its answer, one at a time, with a timeout. */
final class Exchange {
    private final Patience patience = new Patience();

    /** What waits for its answer; null if nothing does. */
    private @Nullable Request<?> current;

    /** Those without an answer whose outcome does not matter any more. The transport keeps them until they are cancelled. */
    private final List<Request<?>> forgotten = new ArrayList<>();

    private final class Request<T> implements Answer<T> {
        final long sentAt;
        final long deadline;
        final Answer<T> then;

        /** Null until the transport has it; for good if it threw: the outcome of that is unknown as well. */
        @Nullable
        Call call;

        Request(long sentAt, Answer<T> then) {
            this.sentAt = sentAt;
            this.deadline = sentAt + patience.nanos();
            this.then = then;
        }

        @Override
        public void onAnswer(long now, T value) {
            if (current == this) {
                current = null;
                patience.onAnswer(now - sentAt);
                then.onAnswer(now, value);
            } else {
                forgotten.remove(this);
            }
        }

        @Override
        public void onFailure(long now, EtcdFailure failure) {
            if (current == this) {
                current = null;
                patience.onFailure(failure.kind());
                then.onFailure(now, failure);
            } else {
                forgotten.remove(this);
            }
        }

        void cancel() {
            Call late = call;
            if (late != null) {
                late.cancel();
            }
        }
    }

    boolean isBusy() {
        return current != null;
    }

    /** Makes a request; none may be under way. {@code then} hears the outcome, a timeout included. */
    <T> void start(long sentAt, Function<Answer<T>, Call> request, Answer<T> then) {
        if (isBusy()) {
            throw new IllegalStateException("one at a time");
        }
        Request<T> started = new Request<>(sentAt, then);
        current = started;
        started.call = request.apply(started);
    }

    /** When {@link #onTime} has something to do for the request that waits. */
    long deadline() {
        Request<?> waiting = current;
        return waiting == null ? Long.MAX_VALUE : waiting.deadline;
    }

    void onTime(long now) {
        cancelForgotten(now);
        Request<?> late = current;
        if (late != null && now >= late.deadline) {
            current = null;
            late.cancel();
            EtcdFailure failure = new EtcdFailure(EtcdFailure.Kind.TIMEOUT, "no answer within " + patience.text());
            patience.onFailure(failure.kind());
            late.then.onFailure(now, failure);
        }
    }

    private void cancelForgotten(long now) {
        for (Request<?> each : List.copyOf(forgotten)) {
            if (now >= each.deadline) {
                forgotten.remove(each);
                each.cancel();
            }
        }
    }

    /** Ignores the outcome of the request. If there is none in time, the next {@link #onTime} cancels it. */
    void forget() {
        Request<?> waiting = current;
        current = null;
        if (waiting != null) {
            forgotten.add(waiting);
        }
    }
}
