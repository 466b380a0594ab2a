package io.socketz.server;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * File descriptors held back for the time when the process has none left: a listening port that owns some can still
 * accept. Owned by a loop.
 *
 * <pre>{@code
 *   WHOLE --accept fails--> one is given back, and accept tried again --a descriptor is free--> WHOLE
 * }</pre>
 */
final class SpareDescriptors implements AutoCloseable {
    private final int count;
    private final Deque<SocketChannel> held = new ArrayDeque<>();

    /**
     * Takes {@code count} of them.
     *
     * @throws IOException if there are not so many
     */
    SpareDescriptors(int count) throws IOException {
        this.count = count;
        while (held.size() < count) {
            held.push(SocketChannel.open());
        }
    }

    /**
     * Accepts a connection, with one of these descriptors where there is no other.
     *
     * @param onShort is told why, if there is no other
     * @return null if nobody waits
     * @throws IOException if these are used up as well, or something else is missing
     */
    @Nullable
    SocketChannel accept(ServerSocketChannel port, Consumer<String> onShort) throws IOException {
        restore();
        try {
            return port.accept();
        } catch (IOException e) {
            onShort.accept(Transport.message(e));
            SocketChannel spare = held.poll();
            if (spare == null) {
                throw e;
            }
            spare.close();
            return port.accept();
        }
    }

    /** Takes back what is missing, as far as it can be had. */
    void restore() {
        try {
            while (held.size() < count) {
                held.push(SocketChannel.open());
            }
        } catch (IOException e) {
            // Not yet.
        }
    }

    /** Whether none of them is in use. */
    boolean isWhole() {
        return held.size() == count;
    }

    @Override
    public void close() {
        held.forEach(Acceptor::closeQuietly);
        held.clear();
    }
}
