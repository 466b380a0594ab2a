package io.socketz.server.haproxy;

import io.socketz.server.event.ServerListener;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.nio.ListeningPort;
import io.socketz.server.nio.Quietly;
import io.socketz.server.nio.SpareDescriptors;
import io.socketz.server.session.Admission;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The port on which HAProxy asks about the state of this server. It sends an {@link AgentLine} at once and, when asked
 * {@code WHY}, answers 42 if all event loops run. Its peers are not clients and do not count as connections, and they take nothing that
 * clients may use up: neither places, nor file descriptors, nor HAProxy's local ports, which are counted by destination.
 * So a full server is not taken for dead. Owned by the first loop.
 *
 * <p>Cap: {@link #MAX_PEERS}; the oldest is closed for the next one.
 */
public final class AgentPort extends ListeningPort {
    /** Far more than a few HAProxy processes open at a time; as many descriptors are held back. */
    public static final int MAX_PEERS = 8;

    private static final int BATCH = 16;

    private final Admission admission;
    private final Readiness readiness;
    private final LoopCheck loopCheck;

    /** Oldest first. */
    private final Deque<AgentPeer> peers = new ArrayDeque<>(MAX_PEERS);

    /** Which part of the clients that it could take this server should get, 1 to 100. Replaced before the loop is started. */
    private IntSupplier share = () -> 100;

    /** When somebody last asked, as {@link System#nanoTime}; null if never. */
    private @Nullable Long askedAt;

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
        super(channel, spares, loops.get(0), BATCH, listener);
        this.admission = admission;
        this.readiness = readiness;
        this.loopCheck = new LoopCheck(loops);
    }

    /** Sets who knows which part of the clients that it could take this server should get, 1 to 100. Before the loop is started. */
    void onShare(IntSupplier asked) {
        share = asked;
    }

    /** Whether somebody asked in the {@code nanos} before {@code now}. */
    boolean isAskedWithin(long nanos, long now) {
        return askedAt != null && now - askedAt < nanos;
    }

    /** Closes the oldest peer if there is no room. */
    @Override
    protected boolean makeRoom() {
        if (peers.size() == MAX_PEERS) {
            peers.element().close();
        }
        return true;
    }

    /** The acceptor reports that descriptors are short: it has none either. */
    @Override
    protected void onShort(String why) {
        // One report is enough.
    }

    /** HAProxy takes a server without an agent port for dead. */
    @Override
    protected String loss() {
        return "no more agent checks are answered";
    }

    @Override
    protected void onAccepted(SocketChannel channel) {
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
        return switch (readiness.state(loop.now())) {
            case STARTING -> AgentLine.starting();
            case READY -> AgentLine.serving(admission.clients(), admission.maxConnections(), share.getAsInt());
            case DRAINING -> AgentLine.draining();
        };
    }
}
