package io.socketz.server.session;

import io.socketz.protocol.address.HostPort;
import io.socketz.server.event.CloseReason;
import io.socketz.server.nio.AcceptListener;
import io.socketz.server.nio.ErrorText;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.nio.Quietly;
import io.socketz.server.nio.SocketOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Admits the connections that were accepted, or refuses them, and deals them out to the loops in turn. Owned by the first loop. */
public final class SessionDispatcher implements AcceptListener {
    private final SessionContext context;
    private final List<Holders> holders;
    private final SocketOptions options = new SocketOptions();
    private int next;

    /**
     * A dispatcher to all of {@code loops}, of which the first accepts.
     *
     * @throws IOException if the system gives no socket to look at
     */
    public SessionDispatcher(List<EventLoop> loops, SessionContext context) throws IOException {
        this.context = context;
        this.holders = Holders.of(loops, context.memory());
    }

    @Override
    public boolean hasRoom() {
        return context.admission().hasRoom();
    }

    @Override
    public void onDescriptors(boolean exhausted) {
        context.admission().setExhausted(exhausted);
    }

    @Override
    public void onAccepted(SocketChannel channel) {
        context.admission().onAccepted();
        InetSocketAddress remote;
        try {
            remote = (InetSocketAddress) channel.getRemoteAddress();
            options.setOn(channel);
        } catch (IOException e) {
            // The client has reset it already.
            Quietly.close(channel);
            context.onClosed("unknown", CloseReason.CONNECTION_RESET, "");
            return;
        }
        boolean proxied = context.proxies().contains(remote.getAddress());
        Ending refusal = proxied ? null : context.admission().admit(remote.getAddress());
        if (refusal != null) {
            refuse(channel, remote, refusal);
            return;
        }
        Holders target = holders.get(next);
        next = (next + 1) % holders.size();
        if (target == holders.get(0)) {
            open(target, channel, remote, proxied);
        } else {
            target.loop.execute(() -> open(target, channel, remote, proxied));
        }
    }

    private void refuse(SocketChannel channel, InetSocketAddress remote, Ending refusal) {
        try {
            // A few bytes into an empty buffer: this does not block.
            channel.write(ByteBuffer.wrap(refusal.toBytes()));
        } catch (IOException e) {
            // The client is gone already.
        }
        context.onClosed(HostPort.format(remote), refusal.reason(), refusal.detail());
        Quietly.close(channel);
    }

    /** On the target's loop. */
    private void open(Holders target, SocketChannel channel, InetSocketAddress remote, boolean proxied) {
        Session session;
        try {
            session = new Session(target, context, channel, remote, proxied);
        } catch (IOException e) {
            Quietly.close(channel);
            if (!proxied) {
                context.admission().release(remote.getAddress());
            }
            context.onClosed(HostPort.format(remote), CloseReason.CONNECTION_RESET, ErrorText.of(e));
            return;
        }
        target.loop.guard(session, session::begin);
    }
}
