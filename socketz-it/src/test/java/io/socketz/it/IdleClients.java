package io.socketz.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Thousands of clients on one thread that connect, ask nothing, and connect again when they lose their connection. */
final class IdleClients implements AutoCloseable {
    /** So many connect at a time: no queue of connections overflows. */
    private static final int MOST_CONNECTING = 100;

    private static final long POLL_MILLIS = 20;

    /** A connection that is greeted, or is to be. */
    private static final class Seat {
        private final int client;
        private boolean greeted;

        Seat(int client) {
            this.client = client;
        }
    }

    private final InetSocketAddress address;
    private final Selector selector;
    private final Thread thread = new Thread(this::run, "idle clients");
    private final ByteBuffer buffer = ByteBuffer.allocate(256);

    /** Those that are to connect. Of the thread. */
    private final Deque<Integer> away = new ArrayDeque<>();

    private int connecting;
    private final AtomicInteger greeted = new AtomicInteger();

    /** How often each client has lost a connection on which it was greeted. */
    private final AtomicIntegerArray losses;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean closed;

    private IdleClients(int port, int clients) throws IOException {
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.selector = Selector.open();
        this.losses = new AtomicIntegerArray(clients);
        for (int i = 0; i < clients; i++) {
            away.add(i);
        }
    }

    /** Starts them, and does not wait until all are connected. */
    static IdleClients start(int port, int clients) throws IOException {
        IdleClients idle = new IdleClients(port, clients);
        idle.thread.setDaemon(true);
        idle.thread.start();
        return idle;
    }

    /** How many are greeted, and have not lost that connection. */
    int greeted() {
        if (failure.get() != null) {
            throw new AssertionError("the clients have ended", failure.get());
        }
        return greeted.get();
    }

    /** How often each client has lost a connection on which it was greeted. */
    int[] losses() {
        int[] copy = new int[losses.length()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = losses.get(i);
        }
        return copy;
    }

    private void run() {
        try {
            while (!closed) {
                while (connecting < MOST_CONNECTING && !away.isEmpty()) {
                    connect(away.remove());
                }
                selector.select(this::onReady, POLL_MILLIS);
            }
        } catch (IOException | RuntimeException | Error e) {
            failure.set(e);
        }
    }

    private void connect(int client) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
        channel.connect(address);
        channel.register(selector, SelectionKey.OP_CONNECT, new Seat(client));
        connecting++;
    }

    private void onReady(SelectionKey key) {
        Seat seat = (Seat) key.attachment();
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
            }
            if (key.isReadable()) {
                buffer.clear();
                if (channel.read(buffer) < 0) {
                    lose(channel, seat);
                } else if (!seat.greeted) {
                    seat.greeted = true;
                    connecting--;
                    greeted.incrementAndGet();
                }
            }
        } catch (IOException e) {
            lose(channel, seat);
        }
    }

    private void lose(SocketChannel channel, Seat seat) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        if (seat.greeted) {
            greeted.decrementAndGet();
            losses.incrementAndGet(seat.client);
        } else {
            connecting--;
        }
        away.add(seat.client);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
