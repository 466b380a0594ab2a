package io.socketz.server.admin;

import io.socketz.server.command.Credentials;
import io.socketz.server.command.Requester;
import io.socketz.server.command.Watcher;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.Connection;
import io.socketz.server.nio.ErrorText;
import io.socketz.state.Client;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks a command without a connection: it is on no roster, and no administrator. Owned by the thread that it is given. */
final class LocalRequester implements Requester, Watcher {
    /** Gets the answer, and what follows. */
    interface Receiver {
        /** Bytes of the answer, or events. */
        void onBytes(byte[] bytes);

        /** No answer will come. */
        void onEnd(String why);
    }

    private final ScheduledExecutorService thread;
    private final Receiver receiver;
    private final Credentials credentials = new Credentials();

    LocalRequester(ScheduledExecutorService thread, Receiver receiver) {
        this.thread = thread;
        this.receiver = receiver;
    }

    @Override
    public @Nullable Client client() {
        return null;
    }

    @Override
    public void onGreeted() {
        // Nobody greets it.
    }

    @Override
    public @Nullable Connection connection() {
        return null;
    }

    @Override
    public @Nullable CompletableFuture<Client> rename(@Nullable String name) {
        return null;
    }

    @Override
    public Credentials credentials() {
        return credentials;
    }

    @Override
    public Watcher watcher() {
        return this;
    }

    @Override
    public void reply(byte[] reply) {
        receiver.onBytes(reply);
    }

    @Override
    public void reply(CompletableFuture<byte[][]> answer) {
        await(answer, parts -> {
            for (byte[] part : parts) {
                receiver.onBytes(part);
            }
        });
    }

    @Override
    public <T> void await(CompletableFuture<T> awaited, Consumer<? super T> then) {
        var unused = awaited.whenComplete((value, failure) -> thread.execute(() -> {
            if (failure == null) {
                then.accept(value);
            } else {
                receiver.onEnd(ErrorText.ofDefect(failure));
            }
        }));
    }

    @Override
    public void await(long nanos, Runnable then) {
        var unused = thread.schedule(then, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void finish(CloseReason reason, String detail) {
        receiver.onEnd(reason + " " + detail);
    }

    @Override
    public ScheduledExecutorService loop() {
        return thread;
    }

    @Override
    public void onEvents(byte[] events) {
        receiver.onBytes(events);
    }

    @Override
    public void onMissed(String why) {
        receiver.onEnd(why);
    }
}
