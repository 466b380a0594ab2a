package io.socketz.server.nio;

import java.nio.channels.SocketChannel;

/** Hears of the connections that an {@link Acceptor} accepts, and says whether there is room for more. On its loop. */
public interface AcceptListener {
    /** Whether one more connection may be accepted. If not, new connections wait in the kernel's queue. */
    boolean hasRoom();

    /** A connection was accepted: from now on the listener owns its channel. */
    void onAccepted(SocketChannel channel);

    /**
     * Told before each connection: whether only spare file descriptors are left. Health checks may still have them,
     * clients may not.
     */
    void onDescriptors(boolean exhausted);
}
