package io.socketz.server;

import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.reply.Reply;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;

/**
 * Accepts connections and deals them out to the loops in turn. Owned by the first loop.
 *
 * <p>When accepting fails, as it does when the process has no file descriptor left, it pauses: the clients wait in the
 * kernel's queue meanwhile. Without the pause the loop would spin, the queue being ready all the time.
 */
final class Acceptor extends Attachment {
    private static final long PAUSE = 100_000_000;

    /** Connections accepted in a turn, so that those who are connected are not forgotten over those who come. */
    private static final int BATCH = 256;

    /** Taken at the end: what the kernel's queue may hold, and no more, lest those who come hold up the end. */
    private static final int LAST_BATCH = SocketzServer.BACKLOG;

    private final ServerSocketChannel channel;
    private final List<EventLoop> loops;
    private final ServerContext context;
    private final ConnectionOptions options = new ConnectionOptions();

    private final EventLoop loop;
    private final SelectionKey key;
    private int next;
    private boolean failing;

    /** Begins to accept as soon as the first of {@code loops} is started. */
    Acceptor(ServerSocketChannel channel, List<EventLoop> loops, ServerContext context) throws IOException {
        this.channel = channel;
        this.loops = loops;
        this.context = context;
        this.loop = loops.get(0);
        this.key = loop.register(channel, SelectionKey.OP_ACCEPT, this);
    }

    @Override
    void onReady() {
        try {
            for (int i = 0; i < BATCH; i++) {
                SocketChannel accepted = channel.accept();
                if (accepted == null) {
                    onNobodyWaiting();
                    return;
                }
                admit(accepted);
            }
        } catch (IOException e) {
            pause(e);
        }
    }

    /** Only now it is over: as long as some wait, each that leaves makes room for one, and no more. */
    private void onNobodyWaiting() {
        if (failing) {
            failing = false;
            context.listener().onWarning("accepting connections again");
        }
    }

    private void pause(IOException e) {
        if (!failing) {
            failing = true;
            context.listener().onWarning("cannot accept connections: " + e.getMessage() + "; trying again and again");
        }
        key.interestOps(0);
        loop.deadlines().schedule(this, loop.now() + PAUSE);
    }

    @Override
    void onDeadline(long now) {
        key.interestOps(SelectionKey.OP_ACCEPT);
    }

    private void admit(SocketChannel accepted) {
        boolean admitted = context.admission().enter();
        InetSocketAddress remote;
        try {
            remote = (InetSocketAddress) accepted.getRemoteAddress();
            options.setOn(accepted);
        } catch (IOException e) {
            // Reset before it was looked at.
            closeQuietly(accepted);
            context.onClosed("unknown", CloseReason.CONNECTION_RESET, "");
            return;
        }
        if (!admitted) {
            refuse(accepted, remote);
            return;
        }
        EventLoop target = loops.get(next);
        next = (next + 1) % loops.size();
        if (target == loop) {
            Connection.open(target, context, accepted, remote);
        } else {
            target.execute(() -> Connection.open(target, context, accepted, remote));
        }
    }

    private void refuse(SocketChannel accepted, InetSocketAddress remote) {
        CloseReason reason = CloseReason.TOO_MANY_CONNECTIONS;
        String detail = "max " + context.limits().maxConnections();
        try {
            // A few bytes into an empty buffer: this does not block.
            accepted.write(ByteBuffer.wrap(new Reply.Failure(reason.name(), detail).toBytes()));
        } catch (IOException e) {
            // Gone: nobody to tell.
        }
        context.onClosed(HostPort.format(remote), reason, detail);
        closeQuietly(accepted);
    }

    /** Takes those who have connected already, which closing the port would reset, and nobody else. */
    void closeInOrder() {
        try {
            SocketChannel last = channel.accept();
            for (int i = 1; last != null; i++) {
                admit(last);
                last = i < LAST_BATCH ? channel.accept() : null;
            }
        } catch (IOException e) {
            // Nothing to take them with, or closed by a defect before.
        }
        if (channel.isOpen()) {
            onStop();
        }
    }

    @Override
    void onStop() {
        closeQuietly(channel);
        loop.onClosed(this);
    }

    @Override
    void abort(CloseReason reason, String detail) {
        onStop();
        if (reason == CloseReason.INTERNAL_ERROR) {
            context.listener().onFailure("no more connections are accepted: " + detail);
        }
    }

    static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException e) {
            // Closed all the same.
        }
    }
}
