package io.socketz.server.nio;

import io.socketz.server.event.ServerListener;
import java.io.IOException;
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
 */
public final class Acceptor extends ListeningPort {
    /** Descriptors held back for those who connect when the process has no other left. */
    public static final int SPARES = 8;

    /** Length of the kernel's queue of connections not yet accepted; the kernel has a limit of its own. */
    public static final int QUEUE_LENGTH = 16_384;

    /**
     * How long no descriptor may be missing before the acceptor says so: otherwise each client that leaves would cause two
     * warnings.
     */
    private static final long CALM_NANOS = 3_000_000_000L;

    private static final int BATCH = 256;

    /** Accepted at the end: what the kernel's queue may hold and no more, so that new connections do not delay the end. */
    private static final int LAST_BATCH = QUEUE_LENGTH;

    private final AcceptListener connections;
    private final LoopCounter shortages = new LoopCounter();

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
        super(channel, spares, loop, BATCH, listener);
        this.connections = connections;
    }

    @Override
    protected boolean makeRoom() {
        return connections.hasRoom();
    }

    @Override
    protected void onAccepted(SocketChannel accepted) {
        connections.onAccepted(accepted);
    }

    @Override
    protected String loss() {
        return "no more connections are accepted";
    }

    @Override
    @Nullable
    SocketChannel accept() throws IOException {
        SocketChannel accepted = super.accept();
        connections.onDescriptors(!spares.isWhole());
        return accepted;
    }

    /** How often descriptors began to be short. From any thread. */
    public long shortages() {
        return shortages.get();
    }

    @Override
    protected void onShort(String why) {
        shortAt = loop.now();
        if (!isShort) {
            isShort = true;
            shortages.add(1);
            listener.onWarning("cannot accept connections: " + why + "; new clients are refused (ulimit -n)");
            loop.deadlines().schedule(this, shortAt + PAUSE_NANOS);
        }
    }

    @Override
    protected void onDeadline(long now) {
        super.onDeadline(now);
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
        if (!isOpen()) {
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
}
