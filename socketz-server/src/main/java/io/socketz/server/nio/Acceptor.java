package io.socketz.server.nio;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections on a port, for an {@link AcceptListener}. Owned by its loop.
 *
 * <pre>{@code
 *   ACCEPTING --no file descriptor is left--> SHORT --all spare ones are back, and none was needed for 3 s--> ACCEPTING
 *                                             new clients are refused
 * }</pre>
 *
 * <p>It pauses while there is no room for one more socket, and when accepting fails in spite of the spare descriptors;
 * meanwhile those who connect wait in the kernel's queue. Without the pause the loop would spin, since the queue is ready
 * all the time.
 */
public final class Acceptor extends Attachment {
    /** Descriptors held back for those who connect when the process has no other left. */
    public static final int SPARES = 8;

    /** Length of the kernel's queue of connections not yet accepted; the kernel has a limit of its own. */
    public static final int QUEUE_LENGTH = 16_384;

    private static final long PAUSE_NANOS = 10_000_000;

    /**
     * How long no descriptor may be missing before the acceptor says so: otherwise each client that leaves would cause two
     * warnings.
     */
    private static final long CALM_NANOS = 3_000_000_000L;

    /** Connections accepted in one turn, so that those who connect do not keep those who are connected waiting. */
    private static final int BATCH = 256;

    /** Accepted at the end: what the kernel's queue may hold and no more, so that new connections do not delay the end. */
    private static final int LAST_BATCH = QUEUE_LENGTH;

    private final ServerSocketChannel channel;
    private final EventLoop loop;
    private final AcceptListener connections;
    private final ServerListener listener;
    private final SpareDescriptors spares;
    private final SelectionKey key;

    /** Whether descriptors are short. */
    private boolean isShort;

    /** When a descriptor was last missing, as {@link System#nanoTime}. Without meaning until one was. */
    private long shortAt;

    /**
     * Begins to accept as soon as {@code loop} is started.
     *
     * @param spares {@link #SPARES} of them, owned by the acceptor from now on
     */
    public Acceptor(
            ServerSocketChannel channel,
            SpareDescriptors spares,
            EventLoop loop,
            AcceptListener connections,
            ServerListener listener)
            throws IOException {
        this.channel = channel;
        this.spares = spares;
        this.loop = loop;
        this.connections = connections;
        this.listener = listener;
        this.key = loop.register(channel, SelectionKey.OP_ACCEPT, this);
    }

    @Override
    protected void onReady() {
        try {
            for (int i = 0; i < BATCH; i++) {
                if (!connections.hasRoom()) {
                    pause();
                    return;
                }
                SocketChannel accepted = accept();
                if (accepted == null) {
                    return;
                }
                connections.onAccepted(accepted);
            }
        } catch (IOException e) {
            pause();
        }
    }

    private @Nullable SocketChannel accept() throws IOException {
        SocketChannel accepted = spares.accept(channel, this::onShort);
        connections.onDescriptors(!spares.isWhole());
        return accepted;
    }

    private void onShort(String why) {
        shortAt = loop.now();
        if (!isShort) {
            isShort = true;
            listener.onWarning("cannot accept connections: " + why + "; new clients are refused");
            loop.deadlines().schedule(this, shortAt + PAUSE_NANOS);
        }
    }

    private void pause() {
        key.interestOps(0);
        loop.deadlines().schedule(this, loop.now() + PAUSE_NANOS);
    }

    @Override
    protected void onDeadline(long now) {
        key.interestOps(SelectionKey.OP_ACCEPT);
        if (!isShort) {
            return;
        }
        spares.restore();
        connections.onDescriptors(!spares.isWhole());
        if (spares.isWhole() && now - shortAt >= CALM_NANOS) {
            isShort = false;
            listener.onWarning("accepting connections again");
        } else {
            loop.deadlines().schedule(this, now + PAUSE_NANOS);
        }
    }

    /** Accepts those who have connected already, whom closing the port would reset; then closes the port. */
    public void closeInOrder() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            SocketChannel last = accept();
            for (int i = 1; last != null; i++) {
                connections.onAccepted(last);
                last = i < LAST_BATCH ? accept() : null;
            }
        } catch (IOException e) {
            // No descriptor is left to accept them with.
        }
        onStop();
    }

    @Override
    protected void onStop() {
        Quietly.close(channel);
        spares.close();
        loop.onClosed(this);
    }

    @Override
    public void abort(CloseReason reason, String detail) {
        onStop();
        if (reason == CloseReason.INTERNAL_ERROR) {
            listener.onFailure("no more connections are accepted: " + detail);
        }
    }
}
