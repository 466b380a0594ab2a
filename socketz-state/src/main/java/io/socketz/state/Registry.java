package io.socketz.state;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where a server says who is connected to it, and learns who is connected to all servers.
 *
 * <p>Every method may be called from any thread, and none of them blocks but {@link #close}. What happens to the
 * state happens on the {@link StateThread}.
 */
public interface Registry extends AutoCloseable {
    /** The server that this registry speaks for. */
    Member self();

    /**
     * A client has connected to this server.
     *
     * @param address {@code address:port} of the client
     * @param via {@code address:port} of the proxy in between, or null where there is none
     * @return the client, to be given to {@link #leave} when it is gone
     */
    Client join(String address, @Nullable String via);

    /** A client of this server is gone. A second call for the same client does nothing. */
    void leave(Client client);

    /**
     * The roster. It holds every client of this server whose {@link #join} returned before this call, and none whose
     * {@link #leave} did; of other servers, what is known here. It does not wait for anything to be known.
     *
     * <p>Once it is completed, and while nothing changes, calls return completed futures, whose rosters hold the same list.
     *
     * @return completed on the state thread, or already; exceptionally, with {@link IllegalStateException}, only when
     *     the registry is closed
     */
    CompletableFuture<Roster> roster();

    /**
     * Completed when the clients of other servers are known for the first time; at once where there are no others. From then
     * on rosters hold them. On the state thread, or already.
     */
    CompletableFuture<Void> known();

    /**
     * The roster, as {@link #roster}, but of all servers at least as new as the moment of this call: every change that the
     * store had by then is in it. Where that can not be had within 500 ms, what is known here and how old it is.
     * Many who ask at a time share what it takes.
     *
     * @return completed on the state thread, or already; exceptionally, with {@link IllegalStateException}, only when
     *     the registry is closed
     */
    CompletableFuture<FreshRoster> freshRoster();

    /**
     * Takes this server and its clients out of the roster. Returns when that is done, or can not be done. From then on
     * joining and leaving change nothing.
     */
    @Override
    void close();

    /**
     * The same, where there is not much time: a store that has not answered after {@code patience} is left as it is. A
     * registry that never waits need not know of this.
     */
    default void close(Duration patience) {
        close();
    }
}
