package io.socketz.server.session;

import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.proxy.ProxyDecoder;
import io.socketz.protocol.proxy.ProxyException;
import io.socketz.protocol.proxy.ProxyHeader;
import io.socketz.server.command.Requester;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ConnectionListener;
import io.socketz.server.event.EndedConnection;
import io.socketz.state.Client;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a session, and what it occupies: a place among the connections and an entry in the roster; a
 * health check occupies neither. Owned by the session's loop.
 */
final class Presence implements ListedSession {
    private final SessionContext context;
    private final LineTarget session;

    /** {@code address:port} of the client, for people; that of the proxy until its header has come. */
    private String name;

    /** Null once the header is complete, or if none is due. */
    private @Nullable ProxyDecoder header;

    /** The address under which the client wants its place; null if it is a health check. */
    private @Nullable InetAddress source;

    /** The {@code address:port} of the proxy; null without one. */
    private @Nullable String via;

    /** The address under which the client has its place; null while it has none. */
    private @Nullable InetAddress place;

    /** The entry in the roster, or what it was when the client left. Null before it has joined. Written by the loop. */
    private volatile @Nullable Client client;

    /** Whether that entry is in the roster. Written by the loop. */
    private volatile boolean onRoster;

    /** Whether the client has been greeted. Written under the lock. */
    private boolean greeted;

    /** Null until the program that embeds the server needs it. Written under the lock. */
    private volatile @Nullable ClientHandle handle;

    private final EventRate renames = new EventRate(Requester.MAX_RENAMES_A_SECOND, TimeUnit.SECONDS.toNanos(1));

    /**
     * @param proxied whether the connection begins with a PROXY header
     * @param admitted whether it is a client that has been admitted
     */
    Presence(SessionContext context, LineTarget session, InetSocketAddress remote, boolean proxied, boolean admitted) {
        this.context = context;
        this.session = session;
        this.name = HostPort.format(remote);
        this.header = proxied ? new ProxyDecoder() : null;
        this.source = proxied ? null : remote.getAddress();
        this.place = admitted ? remote.getAddress() : null;
    }

    String name() {
        return name;
    }

    /** Whether the client has a place; health checks, and connections whose header or handshake is due, have none. */
    boolean hasPlace() {
        return place != null;
    }

    /**
     * Takes what was read while a header is due.
     *
     * @return how many of the {@code length} bytes belong to the header
     */
    int onHeaderBytes(byte[] input, int length) throws ProxyException {
        return decoder().decode(input, 0, length);
    }

    boolean isHeaderComplete() {
        return decoder().isDone();
    }

    /** The header is complete. Returns whether it names a client; a health check of the proxy names none. */
    boolean takeHeader() {
        ProxyHeader complete = decoder().header();
        header = null;
        if (!(complete instanceof ProxyHeader.Proxied proxied)) {
            return false;
        }
        via = name;
        name = HostPort.format(proxied.source());
        source = proxied.source().getAddress();
        return true;
    }

    /**
     * Nothing comes before the client's own bytes any more: admits it, unless that was done, and it joins.
     *
     * @param announced completed when the client is announced; a health check is not, and may be greeted at once
     * @return null, or why the client gets no place
     */
    @Nullable
    Ending open(CompletableFuture<Void> announced) {
        if (source == null) {
            announced.complete(null);
            return null;
        }
        Ending refusal = place == null ? context.admission().admit(source) : null;
        if (refusal == null) {
            place = source;
            join(announced);
        }
        return refusal;
    }

    private ProxyDecoder decoder() {
        if (header == null) {
            throw new IllegalStateException("no header is due");
        }
        return header;
    }

    private void join(CompletableFuture<Void> announced) {
        Client joined = context.registry().join(name, via, () -> announced.complete(null));
        client = joined;
        onRoster = true;
        context.sessions().add(joined.number(), this);
        context.listener().onConnected(joined);
    }

    /** The entry in the roster; null before the client has joined, and after it has left. */
    @Nullable
    Client client() {
        return onRoster ? client : null;
    }

    /** The client has been greeted: if it is one, from now on it has a {@link #handle}. */
    void onGreeted() {
        synchronized (this) {
            greeted = true;
        }
        if (context.connections() != ConnectionListener.NONE) {
            ClientHandle opened = handle();
            if (opened != null) {
                context.connections().onOpened(opened);
            }
        }
    }

    /** Whether the program that embeds the server has closed the connection: nothing more is answered. */
    boolean isEnding() {
        ClientHandle known = handle;
        return known != null && !known.isOpen();
    }

    @Override
    public @Nullable ClientHandle handle() {
        ClientHandle known = handle;
        if (known == null) {
            known = makeHandle();
        }
        return onRoster ? known : null;
    }

    private synchronized @Nullable ClientHandle makeHandle() {
        Client joined = client();
        if (handle == null && joined != null && greeted) {
            handle = new ClientHandle(session, joined);
        }
        return handle;
    }

    /** The client has taken all that was sent to it. */
    void onTaken() {
        ClientHandle known = handle;
        if (known != null) {
            known.onTaken();
        }
    }

    /** As {@link Requester#rename}. */
    @Nullable
    CompletableFuture<Client> rename(@Nullable String newName, long now) {
        Client before = client();
        if (before == null) {
            throw new IllegalStateException("not on the roster");
        }
        if (!renames.admit(now)) {
            return null;
        }
        CompletableFuture<Void> announced = new CompletableFuture<>();
        Client renamed = context.registry().rename(before, newName, () -> announced.complete(null));
        synchronized (this) {
            client = renamed;
            if (handle != null) {
                handle.onRenamed(renamed);
            }
        }
        return announced.thenApply(known -> renamed);
    }

    @Override
    public void kick(String reason) {
        String detail = reason.isEmpty() ? "by an administrator" : reason;
        onLoop(() -> session.end(CloseReason.KICKED, detail));
    }

    @Override
    public void joinAgain(long number) {
        onLoop(() -> replace(number));
    }

    private void onLoop(Runnable task) {
        session.eventLoop().execute(() -> session.guard(task));
    }

    /** The client keeps its name, and is not greeted again. */
    private void replace(long number) {
        Client lost = client();
        if (lost == null || lost.number() != number) {
            return;
        }
        context.sessions().remove(number);
        Client joined = context.registry().join(name, lost.via());
        Client again = lost.name() == null ? joined : context.registry().rename(joined, lost.name());
        synchronized (this) {
            client = again;
            if (handle != null) {
                handle.onRenamed(again);
            }
        }
        context.sessions().add(again.number(), this);
    }

    void leave(CloseReason reason) {
        Client left = client();
        synchronized (this) {
            onRoster = false;
            if (handle != null) {
                handle.onLeft();
            }
        }
        if (left != null) {
            context.sessions().remove(left.number());
            context.registry().leave(left, reason.name());
        }
    }

    /**
     * The session has ended: gives everything back.
     *
     * @param lifetimeNanos how long it was open
     */
    void end(CloseReason reason, String detail, long lifetimeNanos) {
        try {
            leave(reason);
        } finally {
            if (place != null) {
                context.admission().release(place);
            }
            context.onClosed(new EndedConnection(
                    name, Optional.ofNullable(client), reason, detail, Duration.ofNanos(lifetimeNanos)));
            ClientHandle closed = handle;
            if (closed != null) {
                context.connections().onClosed(closed, reason, detail);
            }
        }
    }
}
