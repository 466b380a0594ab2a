package io.socketz.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future that refuses to be waited for on its own client's thread, which would wait for itself forever. So do the
 * futures that its methods return, but not those of {@code allOf} and {@code anyOf}.
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
                    "a callback on the client's thread cannot wait for the client: chain it, or use thenApplyAsync");
        }
    }
}
