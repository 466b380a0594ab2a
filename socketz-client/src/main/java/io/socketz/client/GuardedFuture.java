package io.socketz.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future that its own client's thread can not wait for: that thread would wait for itself, forever. Nor can it for those
 * that are made from it by its methods; those of {@code allOf} and {@code anyOf} know nothing of it.
 */
final class GuardedFuture<T> extends CompletableFuture<T> {
    private final Thread clientThread;

    GuardedFuture(Thread clientThread) {
        this.clientThread = clientThread;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new GuardedFuture<>(clientThread);
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        check();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        check();
        return super.get(timeout, unit);
    }

    @Override
    public T join() {
        check();
        return super.join();
    }

    private void check() {
        if (Thread.currentThread() == clientThread && !isDone()) {
            throw new IllegalStateException(
                    "a callback on the client's thread can not wait for the client: chain it, or use thenApplyAsync");
        }
    }
}
