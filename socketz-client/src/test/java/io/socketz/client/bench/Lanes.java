package io.socketz.client.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;

/** Lanes for tests, which send nothing. */
final class Lanes {
    private Lanes() {}

    static Lane unconnected(int index) {
        try (SocketChannel channel = SocketChannel.open()) {
            return new Lane(new DialedChannel(channel, null), index, new ReplyCounter(1, 0, new ErrorLines()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
