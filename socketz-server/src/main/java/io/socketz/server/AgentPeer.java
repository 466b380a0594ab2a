package io.socketz.server;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/**
 * Somebody who was answered on the agent port, until its end has come or a second has passed. What it sends is not
 * looked at, but read: a socket closed with unread input resets the connection, and the answer may be lost.
 */
final class AgentPeer extends Attachment {
    private static final long PATIENCE = 1_000_000_000;

    private final EventLoop loop;
    private final SocketChannel channel;
    private final Runnable onGone;

    /** @param onGone called once, on the loop */
    AgentPeer(EventLoop loop, SocketChannel channel, Runnable onGone) throws IOException {
        this.loop = loop;
        this.channel = channel;
        this.onGone = onGone;
        loop.register(channel, SelectionKey.OP_READ, this);
        loop.deadlines().schedule(this, loop.now() + PATIENCE);
    }

    @Override
    void onReady() {
        try {
            if (loop.read(channel) < 0) {
                close();
            }
        } catch (IOException e) {
            close();
        }
    }

    @Override
    void onDeadline(long now) {
        close();
    }

    @Override
    void onStop() {
        close();
    }

    @Override
    void abort(CloseReason reason, String detail) {
        close();
    }

    private void close() {
        if (channel.isOpen()) {
            Acceptor.closeQuietly(channel);
            loop.onClosed(this);
            onGone.run();
        }
    }
}
