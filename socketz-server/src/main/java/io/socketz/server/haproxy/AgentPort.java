package io.socketz.server.haproxy;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import io.socketz.server.nio.Attachment;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.nio.Quietly;
import io.socketz.server.nio.SpareDescriptors;
import io.socketz.server.session.Admission;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The port on which HAProxy asks how this server is. It sends an {@link AgentLine} at once and, when asked {@code WHY},
 * 42 if all event loops turn. Its peers are not clients and do not count as connections, and they take nothing that
 * clients may use up: neither places, nor file descriptors, nor HAProxy's local ports, which are counted by destination.
 * So a full server is not taken for dead. Owned by the first loop.
 *
 * <p>Cap: {@link #MAX_PEERS}; the oldest is closed for the next one.
 */
public final class AgentPort extends Attachment {
    /** Far more than a few HAProxy processes ask at a time; as many descriptors are held back. */
    public static final int MAX_PEERS = 8;

    /** Connections accepted in one turn. */
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

    /** When somebody last asked, as {@link System#nanoTime}; null if never. */
    private @Nullable Long askedAt;

    private boolean draining;

    /**
     * Begins to answer as soon as the first of {@code loops} is started.
     *
     * @param spares {@link #MAX_PEERS} of them, owned by the port from now on
     */
    public AgentPort(
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

    /** From now on the port says that the server is being drained. */
    void announceDrain() {
        draining = true;
    }

    /** Whether somebody asked in the {@code nanos} before {@code now}. */
    boolean isAskedWithin(long nanos, long now) {
        return askedAt != null && now - askedAt < nanos;
    }

    @Override
    protected void onReady() {
        try {
            for (int i = 0; i < BATCH; i++) {
                if (peers.size() == MAX_PEERS) {
                    peers.element().close();
                }
                // The acceptor reports that descriptors are short: it has none either.
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
            AgentPeer peer = new AgentPeer(loop, channel, loopCheck, peers::remove);
            peers.add(peer);
            peer.send(line());
        } catch (IOException e) {
            // Gone before it was answered.
            Quietly.close(channel);
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

    @Override
    protected void onDeadline(long now) {
        key.interestOps(SelectionKey.OP_ACCEPT);
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
            // From now on HAProxy takes this server for dead.
            listener.onFailure("no more agent checks are answered: " + detail);
        }
    }
}
