package io.socketz.server;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The port that HAProxy asks how this server is: who connects gets an {@link AgentLine} at once and, when it asks
 * {@code WHY}, 42 if all event loops turn. Nobody here is a client, counts as a connection, or takes anything that clients
 * may use up: neither places, nor file descriptors, nor the local ports of HAProxy, which are counted by destination. So a
 * server that is full is not taken for dead. Owned by the first loop.
 *
 * <p>Cap: {@link #MAX_PEERS}; the oldest is closed for the next one.
 */
final class AgentPort extends Attachment {
    /** Far more than a few HAProxy ask at a time; as many descriptors are held back. */
    static final int MAX_PEERS = 8;

    private static final int BATCH = 16;
    private static final long PAUSE_NANOS = 10_000_000;

    private final ServerSocketChannel channel;
    private final SpareDescriptors spares;
    private final EventLoop loop;
    private final Admission admission;
    private final Readiness readiness;
    private final ServerListener listener;
    private final LoopCheck loopCheck;
    private final SelectionKey key;

    /** Oldest first. */
    private final Deque<AgentPeer> peers = new ArrayDeque<>(MAX_PEERS);

    /** When it was asked last, as {@link System#nanoTime}; null if never. */
    private @Nullable Long askedAt;

    private boolean draining;

    /**
     * Begins to answer as soon as the first of {@code loops} is started.
     *
     * @param spares {@link #MAX_PEERS}
     */
    AgentPort(
            ServerSocketChannel channel,
            SpareDescriptors spares,
            List<EventLoop> loops,
            Admission admission,
            Readiness readiness,
            ServerListener listener)
            throws IOException {
        this.channel = channel;
        this.spares = spares;
        this.loop = loops.get(0);
        this.admission = admission;
        this.readiness = readiness;
        this.listener = listener;
        this.loopCheck = new LoopCheck(loops);
        this.key = loop.register(channel, SelectionKey.OP_ACCEPT, this);
    }

    /** From now on it says that the server drains. */
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
                if (peers.size() == MAX_PEERS) {
                    peers.element().close();
                }
                // What is missing the acceptor says: it is missing there, too.
                SocketChannel peer = spares.accept(channel, missing -> {});
                if (peer == null) {
                    return;
                }
                onPeer(peer);
            }
        } catch (IOException e) {
            key.interestOps(0);
            loop.deadlines().schedule(this, loop.now() + PAUSE_NANOS);
        }
    }

    private void onPeer(SocketChannel channel) {
        askedAt = loop.now();
        try {
            AgentPeer peer = new AgentPeer(this, loop, channel);
            peers.add(peer);
            peer.send(line());
        } catch (IOException e) {
            // Gone before it was answered.
            Acceptor.closeQuietly(channel);
        }
    }

    private byte[] line() {
        if (draining) {
            return AgentLine.draining();
        }
        return readiness.isReady(loop.now())
                ? AgentLine.serving(admission.clients(), admission.maxConnections())
                : AgentLine.starting();
    }

    LoopCheck loopCheck() {
        return loopCheck;
    }

    void onGone(AgentPeer peer) {
        loopCheck.forget(peer);
        peers.remove(peer);
    }

    @Override
    void onDeadline(long now) {
        key.interestOps(SelectionKey.OP_ACCEPT);
    }

    @Override
    void onStop() {
        Acceptor.closeQuietly(channel);
        spares.close();
        loop.onClosed(this);
    }

    @Override
    void abort(CloseReason reason, String detail) {
        onStop();
        if (reason == CloseReason.INTERNAL_ERROR) {
            // HAProxy takes this server for dead now.
            listener.onFailure("no more agent checks are answered: " + detail);
        }
    }
}
