package io.socketz.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The port that HAProxy asks how this server is. Who connects gets an {@link AgentLine} at once, and the end. Nobody here
 * is a client, or counts as a connection. Owned by the first loop.
 *
 * <p>Cap: {@link #MAX_PEERS} that do not end their side are waited for; who comes on top gets the answer too, and is
 * closed with it.
 */
final class AgentPort extends Attachment {
    static final int MAX_PEERS = 8;

    private static final int BATCH = 16;
    private static final long PAUSE = 100_000_000;

    private final ServerSocketChannel channel;
    private final EventLoop loop;
    private final Admission admission;
    private final int maxConnections;
    private final Readiness readiness;
    private final ServerListener listener;
    private final SelectionKey key;

    /** When it was asked last, as {@link System#nanoTime}; null if never. */
    private @Nullable Long askedAt;

    private int peers;
    private boolean draining;

    /** Begins to answer as soon as {@code loop} is started. */
    AgentPort(
            ServerSocketChannel channel,
            EventLoop loop,
            Admission admission,
            int maxConnections,
            Readiness readiness,
            ServerListener listener)
            throws IOException {
        this.channel = channel;
        this.loop = loop;
        this.admission = admission;
        this.maxConnections = maxConnections;
        this.readiness = readiness;
        this.listener = listener;
        this.key = loop.register(channel, SelectionKey.OP_ACCEPT, this);
    }

    /** From now on the answer is {@code drain}. */
    void drain() {
        draining = true;
    }

    /** Whether somebody asked in the {@code nanos} before {@code now}. */
    boolean isAskedWithin(long nanos, long now) {
        return askedAt != null && now - askedAt < nanos;
    }

    @Override
    void onReady() {
        try {
            for (int i = 0; i < BATCH; i++) {
                SocketChannel peer = channel.accept();
                if (peer == null) {
                    return;
                }
                answer(peer);
            }
        } catch (IOException e) {
            // No descriptor, as the acceptor will say too. HAProxy takes no answer for no news.
            key.interestOps(0);
            loop.deadlines().schedule(this, loop.now() + PAUSE);
        }
    }

    private void answer(SocketChannel peer) {
        askedAt = loop.now();
        try {
            peer.configureBlocking(false);
            // A few bytes into an empty buffer: the kernel takes them all.
            peer.write(ByteBuffer.wrap(line()));
            peer.shutdownOutput();
            if (peers < MAX_PEERS) {
                new AgentPeer(loop, peer, () -> peers--);
                peers++;
                return;
            }
        } catch (IOException e) {
            // Gone before it was answered.
        }
        Acceptor.closeQuietly(peer);
    }

    private byte[] line() {
        return draining || !readiness.isReady(loop.now())
                ? AgentLine.draining()
                : AgentLine.serving(admission.connections(), maxConnections);
    }

    @Override
    void onDeadline(long now) {
        key.interestOps(SelectionKey.OP_ACCEPT);
    }

    @Override
    void onStop() {
        Acceptor.closeQuietly(channel);
        loop.onClosed(this);
    }

    @Override
    void abort(CloseReason reason, String detail) {
        onStop();
        if (reason == CloseReason.INTERNAL_ERROR) {
            listener.onWarning("the agent port is closed: " + detail);
        }
    }
}
