package io.socketz.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import io.socketz.server.nio.BufferedChannel;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.nio.HandshakeFailure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which client is closed when too much is held; the test controls the connections on two loops. */
@Timeout(60)
class HoldersTest {
    private static final int SHARE = 10_000;

    private final HeldMemory memory = new HeldMemory(3 * SHARE);
    private final Queue<String> closed = new ConcurrentLinkedQueue<>();
    private final List<SocketChannel> clients = new ArrayList<>();
    private final ServerSocketChannel port;
    private final Holders here;
    private final Holders there;

    HoldersTest() throws Exception {
        port = ServerSocketChannel.open();
        port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        List<EventLoop> loops = List.of(
                new EventLoop("socketz-here", ServerListener.NONE),
                new EventLoop("socketz-there", ServerListener.NONE));
        List<Holders> holders = Holders.of(loops, memory);
        here = holders.get(0);
        there = holders.get(1);
    }

    @BeforeEach
    void start() {
        here.loop.start();
        there.loop.start();
    }

    @AfterEach
    void stop() throws Exception {
        here.loop.stop(System.nanoTime());
        there.loop.stop(System.nanoTime());
        here.loop.join(System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        there.loop.join(System.nanoTime() + TimeUnit.MINUTES.toNanos(1));
        for (SocketChannel client : clients) {
            client.close();
        }
        port.close();
    }

    /** Does nothing by itself, and records that it is closed. */
    private final class Puppet extends BufferedChannel {
        private final String name;
        private final Holders holders;
        private final HeldShare share = new HeldShare(this);

        Puppet(Holders holders, String name, SocketChannel channel) throws Exception {
            super(holders.loop, channel, memory);
            this.holders = holders;
            this.name = name;
        }

        void hold(int bytes) {
            holders.hold(share, bytes, isBacklogged(), takeProgress());
        }

        void send(byte[] bytes) {
            reply(bytes);
            flush();
        }

        void close() {
            holders.release(share);
            closeChannel(false);
        }

        @Override
        protected void onSecured() {}

        @Override
        protected void onHandshakeFailed(HandshakeFailure how, String why) {}

        @Override
        protected void onBroken(String why) {}

        @Override
        protected void onReadable() {}

        @Override
        protected void onBacklogSent() {}

        @Override
        protected void onSent() {}

        @Override
        protected void onDeadline(long now) {}

        @Override
        protected void onStop() {
            close();
        }

        @Override
        public void abort(CloseReason reason, String detail) {
            closed.add(name + " " + reason + " " + detail);
            close();
        }
    }

    private static <T> T on(EventLoop loop, Callable<T> task) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                done.complete(task.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(10, TimeUnit.SECONDS);
    }

    private Puppet connect(Holders holders, String name) throws Exception {
        clients.add(SocketChannel.open(port.getLocalAddress()));
        SocketChannel accepted = port.accept();
        return on(holders.loop, () -> new Puppet(holders, name, accepted));
    }

    private static void hold(Puppet connection, int bytes) throws Exception {
        on(connection.holders.loop, () -> {
            connection.hold(bytes);
            return true;
        });
    }

    /** Acts as if the client had read a part of its replies. */
    private static void progress(Puppet connection, int bytes) throws Exception {
        on(connection.holders.loop, () -> {
            connection.send(new byte[1]);
            connection.hold(bytes);
            return true;
        });
    }

    /** Waits until both loops have run the tasks they sent each other. */
    private void settle() throws Exception {
        for (int i = 0; i < 3; i++) {
            on(here.loop, () -> true);
            on(there.loop, () -> true);
        }
    }

    private static String gone(String name) {
        return name + " MEMORY_LIMIT more than " + 3 * SHARE + " bytes are held for clients";
    }

    @Test
    void theClientThatHasReadNothingForLongestIsClosed() throws Exception {
        Puppet first = connect(here, "first");
        Puppet second = connect(here, "second");
        Puppet third = connect(here, "third");
        Puppet fourth = connect(here, "fourth");
        hold(first, SHARE);
        hold(second, SHARE);
        hold(third, SHARE);
        assertThat(closed).isEmpty();
        progress(first, SHARE);
        hold(fourth, SHARE);
        assertThat(closed).containsExactly(gone("second"));
        hold(fourth, 2 * SHARE);
        assertThat(closed).containsExactly(gone("second"), gone("third"));
        assertThat(memory.bytes()).isEqualTo(3 * SHARE);
    }

    @Test
    void theSlowestClientIsClosedOnAnyLoop() throws Exception {
        Puppet slow = connect(there, "slow");
        Puppet asks = connect(here, "asks");
        Puppet also = connect(here, "also");
        hold(slow, SHARE);
        hold(asks, 2 * SHARE);
        hold(also, SHARE / 2);
        settle();
        assertThat(closed).containsExactly(gone("slow"));
        assertThat(memory.bytes()).isEqualTo(2 * SHARE + SHARE / 2);
    }

    @Test
    void aLoopDoesNotWaitForAHangingLoopWhenFarTooMuchIsHeld() throws Exception {
        Puppet slow = connect(there, "slow");
        Puppet asks = connect(here, "asks");
        Puppet also = connect(here, "also");
        hold(slow, SHARE);
        CompletableFuture<Boolean> busy = new CompletableFuture<>();
        there.loop.execute(busy::join);
        hold(asks, 2 * SHARE);
        hold(also, SHARE / 2);
        assertThat(closed).isEmpty();
        hold(also, SHARE);
        assertThat(closed).containsExactly(gone("asks"));
        busy.complete(true);
        settle();
        assertThat(closed).containsExactly(gone("asks"));
        assertThat(memory.bytes()).isEqualTo(2 * SHARE);
    }

    @Test
    void aSingleClientThatHoldsTooMuchIsClosed() throws Exception {
        hold(connect(here, "greedy"), 3 * SHARE + 1);
        assertThat(closed).containsExactly(gone("greedy"));
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void anUnfinishedLineIsNotCounted() throws Exception {
        Puppet types = connect(here, "types");
        hold(types, 1024);
        assertThat(memory.bytes()).isZero();
        hold(connect(here, "greedy"), 3 * SHARE + 1);
        assertThat(closed).containsExactly(gone("greedy"));
    }

    @Test
    void nothingIsHeldForAClosedConnection() throws Exception {
        Puppet gone = connect(here, "gone");
        Puppet stays = connect(here, "stays");
        hold(gone, 2 * SHARE);
        hold(stays, SHARE);
        on(here.loop, () -> {
            gone.close();
            return true;
        });
        assertThat(memory.bytes()).isEqualTo(SHARE);
        hold(stays, 3 * SHARE);
        assertThat(closed).isEmpty();
        hold(stays, 0);
        assertThat(memory.bytes()).isZero();
    }
}
