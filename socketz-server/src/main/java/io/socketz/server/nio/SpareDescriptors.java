package io.socketz.server.nio;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * File descriptors held back for the time when the process has no other left, so that a listening port can still accept.
 * Owned by a loop.
 *
 * <pre>{@code
 *   WHOLE --accept fails: give one back, accept again--> IN USE --a descriptor is free again--> WHOLE
 * }</pre>
 */
public final class SpareDescriptors implements AutoCloseable {
    private final int count;
    private final Deque<SocketChannel> held = new ArrayDeque<>();

    /**
     * Holds {@code count} descriptors back.
     *
     * @throws IOException if the process does not get that many
     */
    public SpareDescriptors(int count) throws IOException {
        this.count = count;
        while (held.size() < count) {
            held.push(SocketChannel.open());
        }
    }

    /**
     * Accepts a connection, with one of these descriptors if there is no other.
     *
     * @param onShort is told why, if there is no other
     * @return null if no connection waits
     * @throws IOException if these are used up as well, or accepting fails for another reason
     */
    public @Nullable SocketChannel accept(ServerSocketChannel port, Consumer<String> onShort) throws IOException {
        restore();
        try {
            return port.accept();
        } catch (IOException e) {
            onShort.accept(ErrorText.of(e));
            SocketChannel spare = held.poll();
            if (spare == null) {
                throw e;
            }
            spare.close();
            return port.accept();
        }
    }

    /** Holds back again what was used, as far as descriptors are free. */
    public void restore() {
        try {
            while (held.size() < count) {
                held.push(SocketChannel.open());
            }
        } catch (IOException e) {
            // None is free yet.
        }
    }

    /** Whether none of them is in use. */
    public boolean isWhole() {
        return held.size() == count;
    }

    @Override
    public void close() {
        held.forEach(Quietly::close);
        held.clear();
    }
}
