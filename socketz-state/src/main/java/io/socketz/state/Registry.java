package io.socketz.state;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where a server registers the clients that are connected to it, and learns who is connected to all servers.
 *
 * <p>Every method may be called from any thread; only {@link #close} blocks.
 */
public interface Registry extends AutoCloseable {
    /** The server that this registry speaks for. */
    Member self();

    /**
     * A client has connected to this server.
     *
     * @param address {@code address:port} of the client
     * @param via {@code address:port} of the proxy in between; null if there is none
     * @return the client; pass it to {@link #leave} when it is gone
     */
    Client join(String address, @Nullable String via);

    /** A client of this server is gone. A second call for the same client does nothing. */
    void leave(Client client);

    /**
     * The roster. It holds every client of this server whose {@link #join} returned before this call, and none whose
     * {@link #leave} did; of other servers, what is known here. It waits for nothing to become known.
     *
     * <p>Once the future is completed, and while nothing changes, calls return completed futures whose rosters hold the
     * same list.
     *
     * @return completed by the registry's own thread, or already complete; fails, with {@link IllegalStateException}, only
     *     if the registry is closed
     */
    CompletableFuture<Roster> roster();

    /**
     * Completes when the clients of other servers are known for the first time; at once if there are no other servers. From
     * then on, rosters hold them. Completed by the registry's own thread, or already complete.
     */
    CompletableFuture<Void> known();

    /**
     * A roster like {@link #roster}, but at least as new as this call for all servers: it holds every change that the store
     * had by then. If that cannot be confirmed within 500 ms, what is known here, and how old it is. Those who ask at the
     * same time share one request to the store.
     *
     * @return completed by the registry's own thread, or already complete; fails, with {@link IllegalStateException}, only
     *     if the registry is closed
     */
    CompletableFuture<FreshRoster> freshRoster();

    /**
     * Removes this server and its clients from the roster. Returns when that is done, or when it is clear that it cannot be
     * done. From then on, joins and leaves change nothing.
     */
    @Override
    void close();

    /**
     * Closes with little time: a store that has not answered after {@code patience} is left as it is. A registry that never
     * waits need not implement this.
     */
    default void close(Duration patience) {
        close();
    }
}
