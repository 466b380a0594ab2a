package io.socketz.server.nio;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A port that accepts connections, if need be with the file descriptors that it holds back. Owned by its loop.
 *
 * <p>It pauses when there is no room for one more, and when accepting fails in spite of the spare descriptors; meanwhile
 * those who connect wait in the kernel's queue. Without the pause the loop would spin, since the queue is ready all the
 * time.
 */
public abstract class ListeningPort extends Attachment {
    static final long PAUSE_NANOS = 10_000_000;

    /** The loop that owns this port. */
    protected final EventLoop loop;

    /** Hears of failures. */
    protected final ServerListener listener;

    final SpareDescriptors spares;
    private final ServerSocketChannel channel;
    private final SelectionKey key;
    private final int batch;
    private final LoopCounter pauses = new LoopCounter();

    /**
     * Begins to accept as soon as {@code loop} is started.
     *
     * @param spares owned by the port from now on
     * @param batch connections accepted in one turn, so that those who connect do not keep those who are connected waiting
     */
    @SuppressWarnings("this-escape") // the loop calls it later, on this very thread
    protected ListeningPort(
            ServerSocketChannel channel, SpareDescriptors spares, EventLoop loop, int batch, ServerListener listener)
            throws IOException {
        this.channel = channel;
        this.spares = spares;
        this.loop = loop;
        this.batch = batch;
        this.listener = listener;
        this.key = loop.register(channel, SelectionKey.OP_ACCEPT, this);
    }

    /** Makes room for one more connection, if it can; returns whether there is room. */
    protected abstract boolean makeRoom();

    /** No descriptor was left but the spare ones. */
    protected abstract void onShort(String why);

    /** A connection was accepted: from now on the callee owns its channel. */
    protected abstract void onAccepted(SocketChannel accepted);

    /** What it means for the server that this port has failed, for operators. */
    protected abstract String loss();

    @Override
    public final void onReady() {
        try {
            for (int i = 0; i < batch; i++) {
                if (!makeRoom()) {
                    pause();
                    return;
                }
                SocketChannel accepted = accept();
                if (accepted == null) {
                    return;
                }
                onAccepted(accepted);
            }
        } catch (IOException e) {
            pause();
        }
    }

    /** Accepts one connection; null if none waits. */
    @Nullable
    SocketChannel accept() throws IOException {
        return spares.accept(channel, this::onShort);
    }

    /** How often it paused. From any thread. */
    public final long pauses() {
        return pauses.get();
    }

    private void pause() {
        pauses.add(1);
        key.interestOps(0);
        loop.deadlines().schedule(this, loop.now() + PAUSE_NANOS);
    }

    @Override
    protected void onDeadline(long now) {
        key.interestOps(SelectionKey.OP_ACCEPT);
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    protected final void onStop() {
        Quietly.close(channel);
        spares.close();
        loop.onClosed(this);
    }

    @Override
    public final void abort(CloseReason reason, String detail) {
        onStop();
        if (reason == CloseReason.INTERNAL_ERROR) {
            listener.onFailure(loss() + ": " + detail);
        }
    }
}
