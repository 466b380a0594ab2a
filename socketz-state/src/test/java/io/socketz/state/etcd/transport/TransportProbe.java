package io.socketz.state.etcd.transport;

import io.socketz.state.Await;
import io.socketz.state.StateThread;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A transport and its owner: it makes requests as a registry does, waits for answers as a test does, and records each
 * violation of the contract.
 */
public final class TransportProbe implements AutoCloseable {
    /** A request has failed. */
    public static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient EtcdFailure failure;

        Failed(EtcdFailure failure) {
            super(failure.kind() + ": " + failure.detail());
            this.failure = failure;
        }

        public EtcdFailure failure() {
            return failure;
        }
    }

    /** Makes a request of a transport. */
    @FunctionalInterface
    public interface Request<T> {
        EtcdTransport.Call make(EtcdTransport transport, EtcdTransport.Answer<T> answer);
    }

    /** Writes, whatever there is. */
    public static Request<Committed> commit(Write... writes) {
        Fence open = new Fence(writes[0].key() + ", which is not there", 0); // below what the user may change
        return (transport, answer) -> transport.commit(open, List.of(writes), answer);
    }

    private final StateThread state = new StateThread("owner");
    private final EtcdTransport transport;

    /** Violations of the contract. */
    private final List<String> faults = new CopyOnWriteArrayList<>();

    /** Whether a request is being made right now. Owned by the owner's thread. */
    private boolean asking;

    /** The owner's thread, once it runs. Owned by that thread. */
    private @Nullable Thread thread;

    /** Opens a transport, with its own owner. */
    public TransportProbe(Function<EtcdTransport.CallbackExecutor, EtcdTransport> open) {
        transport = open.apply(event -> state.execute(() -> event.accept(System.nanoTime())));
    }

    /** A request on its way: the call and its result, which fails with {@link Failed}. */
    public record Pending<T>(EtcdTransport.Call call, CompletableFuture<T> result) {}

    /** Makes a request. */
    public <T> Pending<T> start(Request<T> request) {
        CompletableFuture<T> result = new CompletableFuture<>();
        return onOwner(() -> {
            asking = true;
            EtcdTransport.Call call = request.make(transport, new EtcdTransport.Answer<T>() {
                @Override
                public void onAnswer(long now, T value) {
                    checkCallback("an answer");
                    if (!result.complete(value)) {
                        faults.add("answered twice: " + value);
                    }
                }

                @Override
                public void onFailure(long now, EtcdFailure failure) {
                    checkCallback("a failure");
                    checkDetail(failure);
                    if (!result.completeExceptionally(new Failed(failure))) {
                        faults.add("answered twice: " + failure);
                    }
                }
            });
            asking = false;
            return new Pending<>(call, result);
        });
    }

    /**
     * Makes a request and waits for its answer.
     *
     * @throws Failed if it fails
     */
    public <T> T ask(Request<T> request) {
        CompletableFuture<Object> done = new CompletableFuture<>();
        CompletableFuture<T> result = start(request).result();
        var unused = result.whenComplete((value, failure) -> done.complete(done));
        Await.get(done);
        if (result.isCompletedExceptionally()) {
            throw (Failed) result.handle((value, failure) -> failure).join();
        }
        return result.join();
    }

    /** Makes a request that must fail, and waits for the failure. */
    public EtcdFailure askInVain(Request<?> request) {
        try {
            Object answer = ask(request);
            throw new AssertionError("answered, though it must fail: " + answer);
        } catch (Failed e) {
            return e.failure();
        }
    }

    /** Starts a watch. */
    public Watched watch(String from, String to, long revision) {
        Watched watched = new Watched();
        watched.call = onOwner(() -> {
            asking = true;
            EtcdTransport.Call call = transport.watch(from, to, revision, watched);
            asking = false;
            return call;
        });
        return watched;
    }

    /** Cancels a request or a watch on the owner's thread. Nothing may be called back for it after this. */
    public void cancel(EtcdTransport.Call call) {
        onOwner(() -> {
            call.cancel();
            return call;
        });
    }

    /** Runs {@code task} on the owner's thread, and waits for it. */
    public <T> T onOwner(Callable<T> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        state.execute(() -> {
            thread = Thread.currentThread();
            try {
                done.complete(task.call());
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        return Await.get(done);
    }

    /** The transport; for use on the owner's thread. */
    public EtcdTransport transport() {
        return transport;
    }

    private void checkCallback(String what) {
        if (Thread.currentThread() != thread) {
            faults.add(what + " came on " + Thread.currentThread());
        }
        if (asking) {
            faults.add(what + " came from within a request");
        }
    }

    private void checkDetail(EtcdFailure failure) {
        if (failure.detail().isBlank()
                || failure.detail().contains("\n")
                || failure.detail().contains("Exception")) {
            faults.add("not a line for people: " + failure.detail());
        }
    }

    /** Closes the transport, then checks that it kept the contract. */
    @Override
    public void close() {
        onOwner(() -> {
            transport.close();
            return thread;
        });
        onOwner(() -> thread); // everything enqueued before the close has run now
        state.close();
        if (!faults.isEmpty()) {
            throw new AssertionError(String.join("\n", faults));
        }
    }

    /** What a watch has brought so far. */
    public final class Watched implements EtcdTransport.WatchListener {
        private final CompletableFuture<Object> created = new CompletableFuture<>();
        private final CompletableFuture<EtcdFailure> end = new CompletableFuture<>();
        private EtcdTransport.@Nullable Call call;

        /** Guarded by itself. */
        private final List<List<WatchEvent>> batches = new ArrayList<>();

        @Override
        public void onCreated(long now) {
            checkCallback("a created");
            if (end.isDone() || !created.complete(this)) {
                faults.add("created twice, or after its end");
            }
        }

        @Override
        public void onEvents(long now, List<WatchEvent> events) {
            checkCallback("an event");
            if (events.isEmpty() || end.isDone() || !created.isDone()) {
                faults.add("no events, or not between created and end: " + events);
            }
            synchronized (batches) {
                batches.add(events);
                batches.notifyAll();
            }
        }

        @Override
        public void onEnd(long now, EtcdFailure failure) {
            checkCallback("an end");
            checkDetail(failure);
            if (!end.complete(failure)) {
                faults.add("ended twice: " + failure);
            }
        }

        public void cancel() {
            EtcdTransport.Call started = call;
            if (started != null) {
                TransportProbe.this.cancel(started);
            }
        }

        /** Waits until etcd watches. */
        public Watched awaitCreated() {
            var unused = end.thenAccept(failure -> created.completeExceptionally(new Failed(failure)));
            Await.get(created);
            return this;
        }

        /** Waits for the end. */
        public EtcdFailure awaitEnd() {
            return Await.get(end);
        }

        public boolean isCreated() {
            return created.isDone();
        }

        public boolean isEnded() {
            return end.isDone();
        }

        /** All events so far, one list a call. */
        public List<List<WatchEvent>> batches() {
            synchronized (batches) {
                return List.copyOf(batches);
            }
        }

        /** All events so far. */
        public List<WatchEvent> events() {
            return batches().stream().flatMap(List::stream).toList();
        }

        /** Waits until there were {@code count} events. */
        public List<WatchEvent> awaitEvents(int count) {
            long deadline = System.nanoTime() + 20_000_000_000L;
            synchronized (batches) {
                while (events().size() < count) {
                    long left = (deadline - System.nanoTime()) / 1_000_000;
                    if (left <= 0 || isEnded()) {
                        throw new AssertionError("waited for " + count + " events; end: " + end.getNow(null)
                                + "; there are: " + events());
                    }
                    try {
                        batches.wait(Math.min(left, 50)); // the end of the watch may come instead
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }
            }
            return events();
        }
    }
}
