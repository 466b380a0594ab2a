package io.socketz.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
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

/** Who is closed when too much is held: with connections of two loops that do as the test says. */
@Timeout(60)
class HoldersTest {
    private static final int SHARE = 10_000;

    private final HeldMemory memory = new HeldMemory(3 * SHARE);
    private final Queue<String> closed = new ConcurrentLinkedQueue<>();
    private final List<SocketChannel> clients = new ArrayList<>();
    private final ServerSocketChannel port;
    private final EventLoop here;
    private final EventLoop there;

    HoldersTest() throws Exception {
        port = ServerSocketChannel.open();
        port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        here = new EventLoop("socketz-here", ServerListener.NONE);
        there = new EventLoop("socketz-there", ServerListener.NONE);
    }

    @BeforeEach
    void start() {
        here.start();
        there.start();
    }

    @AfterEach
    void stop() throws Exception {
        here.stop(System.nanoTime());
        there.stop(System.nanoTime());
        here.join();
        there.join();
        for (SocketChannel client : clients) {
            client.close();
        }
        port.close();
    }

    /** Does nothing by itself, and says when it is closed. */
    private final class Puppet extends Transport {
        private final String name;

        Puppet(EventLoop loop, String name, SocketChannel channel) throws Exception {
            super(loop, channel, memory);
            this.name = name;
        }

        @Override
        void onReadable() {}

        @Override
        void onDrained() {}

        @Override
        void onSent() {}

        @Override
        void onDeadline(long now) {}

        @Override
        void onStop() {
            closeChannel(false);
        }

        @Override
        void abort(CloseReason reason, String detail) {
            closed.add(name + " " + reason + " " + detail);
            closeChannel(false);
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

    private Puppet connect(EventLoop loop, String name) throws Exception {
        clients.add(SocketChannel.open(port.getLocalAddress()));
        SocketChannel accepted = port.accept();
        return on(loop, () -> new Puppet(loop, name, accepted));
    }

    private static void hold(Puppet connection, int bytes) throws Exception {
        on(connection.loop, () -> {
            connection.hold(bytes);
            return true;
        });
    }

    /** As when a part of what it waits for has gone. */
    private static void progress(Puppet connection, int bytes) throws Exception {
        on(connection.loop, () -> {
            connection.reply(new byte[1]);
            connection.flush();
            connection.hold(bytes);
            return true;
        });
    }

    /** Until both loops have done what they asked of each other. */
    private void settle() throws Exception {
        for (int i = 0; i < 3; i++) {
            on(here, () -> true);
            on(there, () -> true);
        }
    }

    private static String gone(String name) {
        return name + " MEMORY_LIMIT more than " + 3 * SHARE + " bytes are held for clients";
    }

    @Test
    void closesWhoHasTakenNothingForLongest() throws Exception {
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
    void closesItOnWhicheverLoopItIs() throws Exception {
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
    void aLoopThatDoesNotComeToItIsNotWaitedForWithout() throws Exception {
        Puppet slow = connect(there, "slow");
        Puppet asks = connect(here, "asks");
        Puppet also = connect(here, "also");
        hold(slow, SHARE);
        CompletableFuture<Boolean> busy = new CompletableFuture<>();
        there.execute(busy::join);
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
    void whoAloneHoldsTooMuchIsClosed() throws Exception {
        hold(connect(here, "greedy"), 3 * SHARE + 1);
        assertThat(closed).containsExactly(gone("greedy"));
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void theBeginningOfALineIsNotCounted() throws Exception {
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
        on(here, () -> {
            gone.closeChannel(false);
            return true;
        });
        assertThat(memory.bytes()).isEqualTo(SHARE);
        hold(stays, 3 * SHARE);
        assertThat(closed).isEmpty();
        hold(stays, 0);
        assertThat(memory.bytes()).isZero();
    }
}
