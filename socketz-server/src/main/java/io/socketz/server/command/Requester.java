package io.socketz.server.command;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.Connection;
import io.socketz.state.Client;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Whoever asked: what the handler of a command may do to a client. On the client's event loop only. */
public interface Requester {
    /** How often a client may change its name: each change is a write to the store, which all servers read. */
    int MAX_RENAMES_A_SECOND = 10;

    /** Who asks, as the roster shows it; null if it is not on the roster: a health check, or a client that has left. */
    @Nullable
    Client client();

    /** The client has got its greeting. */
    void onGreeted();

    /** The handle of whoever asks, for the program that embeds the server; null if {@link #client} is. */
    @Nullable
    Connection connection();

    /**
     * Gives whoever asks, a client on the roster, another name.
     *
     * @param name null for none
     * @return completed by any thread when fresh rosters show the name, with the client; null if the client changes its
     *     name too often: see {@link #MAX_RENAMES_A_SECOND}
     */
    @Nullable
    CompletableFuture<Client> rename(@Nullable String name);

    /** Whether an administrator has made the connection. */
    Credentials credentials();

    /** Whoever asks, for those who tell it of changes. */
    Watcher watcher();

    /** Sends {@code reply} after everything sent before. The array must not change any more. */
    void reply(byte[] reply);

    /**
     * Sends the parts of {@code answer} when it completes, after everything sent before; later requests wait for it. An
     * answer that fails ends the connection with {@link CloseReason#INTERNAL_ERROR}.
     *
     * @param answer may be completed by any thread; its arrays must not change any more
     */
    void reply(CompletableFuture<byte[][]> answer);

    /**
     * Passes what {@code awaited} completes with to {@code then}, on the client's event loop; later requests wait for it. If
     * it fails, the connection ends with {@link CloseReason#INTERNAL_ERROR}.
     *
     * @param awaited may be completed by any thread
     */
    <T> void await(CompletableFuture<T> awaited, Consumer<? super T> then);

    /** Runs {@code then} after a time, on the client's event loop, unless the connection has ended; later requests wait for it. */
    void await(long nanos, Runnable then);

    /**
     * Ends the connection once everything before is sent. Later requests are not answered.
     *
     * @param detail more about the reason, or the empty string
     */
    void finish(CloseReason reason, String detail);
}
