package io.socketz.server.session;

import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.proxy.ProxyDecoder;
import io.socketz.protocol.proxy.ProxyException;
import io.socketz.protocol.proxy.ProxyHeader;
import io.socketz.server.event.CloseReason;
import io.socketz.state.Client;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end of a session, and what it occupies: a place among the connections and an entry in the roster; a
 * health check occupies neither. Owned by the session's loop.
 */
final class Presence {
    private final SessionContext context;

    /** {@code address:port} of the client, for people; that of the proxy until its header has come. */
    private String name;

    /** Null once the header is complete, or if none is due. */
    private @Nullable ProxyDecoder header;

    /** The address under which the client has its place; null while it has none. */
    private @Nullable InetAddress place;

    /** The entry in the roster. Null before the client has joined, and after it has left. */
    private @Nullable Client client;

    /** @param proxied whether the connection begins with a PROXY header; if not, it is a client that has been admitted */
    Presence(SessionContext context, InetSocketAddress remote, boolean proxied) {
        this.context = context;
        this.name = HostPort.format(remote);
        this.header = proxied ? new ProxyDecoder() : null;
        this.place = proxied ? null : remote.getAddress();
    }

    String name() {
        return name;
    }

    /** Whether the client has a place; health checks, and connections whose header is due, have none. */
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

    /**
     * The header is complete: admits the client that it names, which then joins.
     *
     * @return null, or why the client gets no place
     */
    @Nullable
    Ending admit() {
        ProxyHeader complete = decoder().header();
        header = null;
        if (!(complete instanceof ProxyHeader.Proxied proxied)) {
            return null;
        }
        InetSocketAddress source = proxied.source();
        String via = name;
        name = HostPort.format(source);
        Ending refusal = context.admission().admit(source.getAddress());
        if (refusal == null) {
            place = source.getAddress();
            join(via);
        }
        return refusal;
    }

    private ProxyDecoder decoder() {
        if (header == null) {
            throw new IllegalStateException("no header is due");
        }
        return header;
    }

    /** @param via the proxy's {@code address:port}; null without a proxy */
    void join(@Nullable String via) {
        client = context.registry().join(name, via);
        context.listener().onConnected(name);
    }

    void leave() {
        Client left = client;
        client = null;
        if (left != null) {
            context.registry().leave(left);
        }
    }

    /** The session has ended: gives everything back. */
    void end(CloseReason reason, String detail) {
        try {
            leave();
        } finally {
            if (place != null) {
                context.admission().release(place);
            }
            context.onClosed(name, reason, detail);
        }
    }
}
