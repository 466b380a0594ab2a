package io.socketz.state;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Where a server registers the clients that are connected to it, and learns who is connected to all servers.
 *
 * <p>Every method may be called from any thread, but only the registry's own thread may use {@link #changes}. Only {@link
 * #close} blocks.
 */
public interface Registry extends AutoCloseable {
    /** Why a client left that was disconnected by {@link #kick}. */
    String KICKED = "KICKED";

    /** The longest reason for {@link #kick}, in bytes of UTF-8. */
    int MAX_KICK_REASON_BYTES = 1000;

    /** The server that this registry speaks for. */
    Member self();

    /** A client has connected to this server, and nobody waits until it is announced. */
    default Client join(String address, @Nullable String via) {
        return join(address, via, () -> {});
    }

    /**
     * A client has connected to this server. It is <em>announced</em> when every fresh roster that is asked for from then on,
     * on any server, holds it: until it leaves, or this server is lost. If that takes longer than 500 ms, or the store is
     * known to be away, nobody waits for it.
     *
     * @param address {@code address:port} of the client
     * @param via {@code address:port} of the proxy in between; null if there is none
     * @param onAnnounced run once: when the client is announced, when nobody waits for that any longer, or when the client
     *     or the registry is gone; by the registry's own thread, or by the caller's before this returns; must be quick
     * @return the client; pass it to {@link #leave} when it is gone
     */
    Client join(String address, @Nullable String via, Runnable onAnnounced);

    /**
     * A client of this server has a new name, or none any more. It keeps its place on the roster. Does nothing if it has
     * left.
     *
     * @param client as {@link #join} or the last call of this method returned it, or as it was before
     * @param name see {@link Client#isName}; null for none
     * @param onAnnounced run once, as by {@link #join}: when every fresh roster that is asked for from then on has the name, or
     *     a later one
     * @return the client with its new name
     * @throws IllegalArgumentException if the name is not allowed
     */
    Client rename(Client client, @Nullable String name, Runnable onAnnounced);

    /** A client of this server has a new name, or none any more, and nobody waits until that is announced. */
    default Client rename(Client client, @Nullable String name) {
        return rename(client, name, () -> {});
    }

    /**
     * A client of this server is gone. A second call for the same client does nothing.
     *
     * @param client whatever its name was then
     * @param reason why, in a word, such as {@code CLIENT_QUIT}; see {@link Departure#isReason}
     * @throws IllegalArgumentException if the reason is not allowed
     */
    void leave(Client client, String reason);

    /** A client of this server is gone, for an unknown reason. */
    default void leave(Client client) {
        leave(client, Departure.UNKNOWN);
    }

    /**
     * The roster. It holds every client of this server whose {@link #join} returned before this call, with the name of the
     * last {@link #rename}, and none whose {@link #leave} did; of other servers, what is known here. It waits for nothing to
     * become known.
     *
     * <p>Once the future is completed, and while nothing changes, calls return completed futures whose rosters hold the
     * same list.
     *
     * @return completed by the registry's own thread, or already complete; fails, with {@link IllegalStateException}, only
     *     if the registry is closed
     */
    CompletableFuture<Roster> roster();

    /**
     * Disconnects clients of any server. The server of each is told, and ends its connection: see {@link #onKick}.
     *
     * @param clients as a roster of this registry has shown them; those that are not on it any more need not be disconnected. One
     *     that this registry has not seen yet is taken for gone: a fresh roster has everyone who was announced
     * @param reason what the clients are told; see {@link #isKickReason}
     * @return completed by the registry's own thread when all are gone, after 5 s, or when the registry closes; fails, with
     *     {@link IllegalStateException}, only if the registry is closed already
     * @throws IllegalArgumentException if the reason is not allowed
     */
    CompletableFuture<KickResult> kick(Collection<Client> clients, String reason);

    /**
     * Sets who ends the connections of this server's clients; a later call replaces it. Until then, a client that is to be
     * disconnected just leaves, for the reason {@link #KICKED}.
     */
    void onKick(KickListener listener);

    /** Whether clients may be told this: at most 1,000 bytes of UTF-8 without control characters; perhaps nothing. */
    static boolean isKickReason(String reason) {
        return reason.length() <= MAX_KICK_REASON_BYTES
                && reason.getBytes(StandardCharsets.UTF_8).length <= MAX_KICK_REASON_BYTES
                && reason.chars().noneMatch(Character::isISOControl);
    }

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
     * Compares this server's clients with its keys in the store, and repairs what differs. What is on its way to the store
     * is no difference. Those who ask while a comparison is being made share the next one.
     *
     * @return completed by the registry's own thread once the store has what was repaired, or after 10 s; empty if the store
     *     does not answer, or has not been read yet; fails, with {@link IllegalStateException}, only if the registry is closed
     */
    CompletableFuture<Optional<AuditResult>> audit();

    /** What is counted and measured. Reading it costs the registry's own thread nothing. */
    RegistryMetrics metrics();

    /** What changes in the whole cluster. To be used on the registry's thread alone. */
    ChangeFeed changes();

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
