package io.socketz.server;

import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.reply.Reply;
import io.socketz.server.Admission.Refusal;
import io.socketz.server.event.CloseReason;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections and deals them out to the loops in turn. Owned by the first loop.
 *
 * <pre>{@code
 *   ACCEPTING --no file descriptor is left--> SHORT --all spare ones are back, and none was needed for 3 s--> ACCEPTING
 *                                             clients are told that they are too many
 * }</pre>
 *
 * <p>It pauses where there is no room for one more socket, and where accepting fails in spite of the spare descriptors:
 * those who come wait in the kernel's queue meanwhile. Without the pause the loop would spin, the queue being ready all
 * the time.
 */
final class Acceptor extends Attachment {
    /** Descriptors held back, for those who come when there is no other. */
    static final int SPARES = 8;

    private static final long PAUSE_NANOS = 10_000_000;

    /** How long no descriptor may be missing before that is said: else each client that leaves would make two warnings. */
    private static final long CALM_NANOS = 3_000_000_000L;

    /** Connections accepted in a turn, so that those who are connected are not forgotten over those who come. */
    private static final int BATCH = 256;

    /** Taken at the end: what the kernel's queue may hold, and no more, lest those who come hold up the end. */
    private static final int LAST_BATCH = SocketzServer.BACKLOG;

    private final ServerSocketChannel channel;
    private final List<EventLoop> loops;
    private final ServerContext context;
    private final ConnectionOptions options = new ConnectionOptions();
    private final SpareDescriptors spares;
    private final EventLoop loop;
    private final SelectionKey key;
    private int next;

    /** Whether descriptors are short, and when one was missing last, as {@link System#nanoTime}. */
    private boolean isShort;

    private long shortAt;

    /** Begins to accept as soon as the first of {@code loops} is started. */
    Acceptor(ServerSocketChannel channel, SpareDescriptors spares, List<EventLoop> loops, ServerContext context)
            throws IOException {
        this.channel = channel;
        this.spares = spares;
        this.loops = loops;
        this.context = context;
        this.loop = loops.get(0);
        this.key = loop.register(channel, SelectionKey.OP_ACCEPT, this);
    }

    @Override
    void onReady() {
        try {
            for (int i = 0; i < BATCH; i++) {
                if (!context.admission().hasRoom()) {
                    pause();
                    return;
                }
                SocketChannel accepted = accept();
                if (accepted == null) {
                    return;
                }
                admit(accepted);
            }
        } catch (IOException e) {
            pause();
        }
    }

    private @Nullable SocketChannel accept() throws IOException {
        SocketChannel accepted = spares.accept(channel, this::onShort);
        context.admission().setExhausted(!spares.isWhole());
        return accepted;
    }

    private void onShort(String why) {
        shortAt = loop.now();
        if (!isShort) {
            isShort = true;
            context.listener().onWarning("cannot accept connections: " + why + "; new clients are refused");
            loop.deadlines().schedule(this, shortAt + PAUSE_NANOS);
        }
    }

    private void pause() {
        key.interestOps(0);
        loop.deadlines().schedule(this, loop.now() + PAUSE_NANOS);
    }

    @Override
    void onDeadline(long now) {
        key.interestOps(SelectionKey.OP_ACCEPT);
        if (!isShort) {
            return;
        }
        spares.restore();
        context.admission().setExhausted(!spares.isWhole());
        if (spares.isWhole() && now - shortAt >= CALM_NANOS) {
            isShort = false;
            context.listener().onWarning("accepting connections again");
        } else {
            loop.deadlines().schedule(this, now + PAUSE_NANOS);
        }
    }

    private void admit(SocketChannel accepted) {
        context.admission().onAccepted();
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
        boolean proxied = context.proxies().contains(remote.getAddress());
        Refusal refusal = proxied ? null : context.admission().admit(remote.getAddress());
        if (refusal != null) {
            refuse(accepted, remote, refusal);
            return;
        }
        EventLoop target = loops.get(next);
        next = (next + 1) % loops.size();
        if (target == loop) {
            Connection.open(target, context, accepted, remote, proxied);
        } else {
            target.execute(() -> Connection.open(target, context, accepted, remote, proxied));
        }
    }

    private void refuse(SocketChannel accepted, InetSocketAddress remote, Refusal refusal) {
        try {
            // A few bytes into an empty buffer: this does not block.
            accepted.write(ByteBuffer.wrap(new Reply.Failure(refusal.reason().name(), refusal.detail()).toBytes()));
        } catch (IOException e) {
            // Gone: nobody to tell.
        }
        context.onClosed(HostPort.format(remote), refusal.reason(), refusal.detail());
        closeQuietly(accepted);
    }

    /** Takes those who have connected already, which closing the port would reset, and nobody else. */
    void closeInOrder() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            SocketChannel last = accept();
            for (int i = 1; last != null; i++) {
                admit(last);
                last = i < LAST_BATCH ? accept() : null;
            }
        } catch (IOException e) {
            // Nothing to take them with.
        }
        onStop();
    }

    @Override
    void onStop() {
        closeQuietly(channel);
        spares.close();
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
