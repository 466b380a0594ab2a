package io.socketz.server.session;

import io.socketz.protocol.address.HostPort;
import io.socketz.server.command.RequestCounter;
import io.socketz.server.event.CloseReason;
import io.socketz.server.event.EndedConnection;
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

/** Admits or refuses accepted connections, and assigns them to the loops in turn. Owned by the first loop. */
public final class SessionDispatcher implements AcceptListener {
    private final SessionContext context;
    private final List<SessionLoop> targets;
    private final SocketOptions options = new SocketOptions();
    private int next;

    /**
     * A dispatcher to all of {@code loops}, of which the first accepts.
     *
     * @throws IOException if the system gives no socket to look at
     */
    public SessionDispatcher(List<EventLoop> loops, SessionContext context) throws IOException {
        this.context = context;
        this.targets = SessionLoop.of(loops, context);
    }

    /** What the clients of each loop have asked for. */
    public List<RequestCounter> requests() {
        return targets.stream().map(SessionLoop::requests).toList();
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
        context.counters().onAccepted();
        InetSocketAddress remote;
        try {
            remote = (InetSocketAddress) channel.getRemoteAddress();
            options.setOn(channel);
        } catch (IOException e) {
            // The client has reset it already.
            Quietly.close(channel);
            context.onClosed(EndedConnection.atOnce("unknown", CloseReason.CONNECTION_RESET, ""));
            return;
        }
        boolean proxied = context.proxies().contains(remote.getAddress());
        // Others are admitted when they are known to be clients.
        boolean admitted = !proxied && context.tls() == null;
        Ending refusal = admitted ? context.admission().admit(remote.getAddress()) : null;
        if (refusal != null) {
            refuse(channel, remote, refusal);
            return;
        }
        SessionLoop target = targets.get(next);
        next = (next + 1) % targets.size();
        if (target.loop() == targets.get(0).loop()) {
            open(target, channel, remote, proxied, admitted);
        } else {
            target.loop().execute(() -> open(target, channel, remote, proxied, admitted));
        }
    }

    private void refuse(SocketChannel channel, InetSocketAddress remote, Ending refusal) {
        try {
            // A few bytes into an empty buffer: this does not block.
            channel.write(ByteBuffer.wrap(refusal.toBytes()));
        } catch (IOException e) {
            // The client is gone already.
        }
        context.onClosed(EndedConnection.atOnce(HostPort.format(remote), refusal.reason(), refusal.detail()));
        Quietly.close(channel);
    }

    /** On the target's loop. */
    private void open(
            SessionLoop target, SocketChannel channel, InetSocketAddress remote, boolean proxied, boolean admitted) {
        Session session;
        try {
            session = new Session(target, context, channel, remote, proxied, admitted);
        } catch (IOException e) {
            Quietly.close(channel);
            if (admitted) {
                context.admission().release(remote.getAddress());
            }
            context.onClosed(
                    EndedConnection.atOnce(HostPort.format(remote), CloseReason.CONNECTION_RESET, ErrorText.of(e)));
            return;
        }
        target.loop().guard(session, session::begin);
    }
}
