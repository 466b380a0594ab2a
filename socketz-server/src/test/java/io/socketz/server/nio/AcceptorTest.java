package io.socketz.server.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop does not run: the test calls the acceptor. */
class AcceptorTest implements AcceptListener {
    private final EventLoop loop = new EventLoop("socketz-test", ServerListener.NONE);
    private final Acceptor acceptor;
    private boolean room;

    AcceptorTest() throws Exception {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        acceptor = new Acceptor(channel, new SpareDescriptors(0), loop, this, ServerListener.NONE);
    }

    @AfterEach
    void close() {
        acceptor.abort(CloseReason.SERVER_STOPPING, "");
        loop.discard();
    }

    @Override
    public boolean hasRoom() {
        return room;
    }

    @Override
    public void onAccepted(SocketChannel channel) {
        throw new AssertionError("nobody connects");
    }

    @Override
    public void onDescriptors(boolean exhausted) {}

    @Test
    void eachPauseForLackOfRoomIsCounted() {
        acceptor.onReady();
        acceptor.onReady();
        assertThat(acceptor.pauses()).isEqualTo(2);
        room = true;
        acceptor.onReady();
        assertThat(acceptor.pauses()).isEqualTo(2);
    }

    @Test
    void aShortageOfDescriptorsIsCountedWhenItBegins() {
        acceptor.onShort("too many open files");
        acceptor.onShort("too many open files");
        assertThat(acceptor.shortages()).isEqualTo(1);
        acceptor.onDeadline(2_900_000_000L);
        acceptor.onShort("too many open files");
        assertThat(acceptor.shortages()).as("not over yet").isEqualTo(1);
        acceptor.onDeadline(3_000_000_000L);
        acceptor.onShort("too many open files");
        assertThat(acceptor.shortages()).isEqualTo(2);
    }
}
