import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A client that asks {@code WHO} without end and reads as fast as it can, beside one that asks {@code WHY} now and then:
 * measures how long the latter waits, without the other and beside it. The server should have one event loop.
 *
 * <pre>
 *   java infra/bench/FastReaderBench.java PORT CLIENTS SECONDS
 * </pre>
 *
 * CLIENTS more are connected and idle, so that the list has a length.
 */
public final class FastReaderBench {
    private static final int REQUESTS = 4_096;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int PAUSE_MILLIS = 2;
    private static final AtomicLong RECEIVED_BYTES = new AtomicLong();

    private static volatile boolean over;

    private FastReaderBench() {}

    public static void main(String[] args) throws Exception {
        InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        long nanos = Long.parseLong(args[2]) * 1_000_000_000;
        List<SocketChannel> idle = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[1]); i++) {
            idle.add(connect(server));
        }
        try (SocketChannel asks = connect(server)) {
            report("without", asks, nanos);
            try (SocketChannel fast = connect(server)) {
                start(() -> send(fast));
                start(() -> read(fast));
                report("beside", asks, nanos);
                over = true;
            }
        }
        for (SocketChannel each : idle) {
            each.close();
        }
    }

    private static SocketChannel connect(InetSocketAddress server) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER_BYTES);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.connect(server);
        channel.read(ByteBuffer.allocate(100)); // the greeting
        return channel;
    }

    private static void report(String what, SocketChannel asks, long nanos) throws Exception {
        ByteBuffer request = ascii("WHY\n");
        ByteBuffer reply = ByteBuffer.allocate(3);
        List<Long> waits = new ArrayList<>();
        long bytes = RECEIVED_BYTES.get();
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < nanos) {
            long askedAt = System.nanoTime();
            asks.write(request.rewind());
            reply.clear();
            while (reply.hasRemaining() && asks.read(reply) >= 0) {
                // One read may bring a part of it.
            }
            waits.add(System.nanoTime() - askedAt);
            Thread.sleep(PAUSE_MILLIS);
        }
        long[] sorted = waits.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "%-8s %,d WHY: median %.2f ms, p99 %.2f ms, longest %.2f ms; the other reads %,d MB/s%n",
                what,
                sorted.length,
                sorted[sorted.length / 2] / 1e6,
                sorted[sorted.length * 99 / 100] / 1e6,
                sorted[sorted.length - 1] / 1e6,
                (RECEIVED_BYTES.get() - bytes) * 1_000 / nanos);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }

    private static void send(SocketChannel fast) {
        ByteBuffer requests = ascii("WHO\n".repeat(REQUESTS));
        try {
            while (!over) {
                fast.write(requests.rewind());
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private static void read(SocketChannel fast) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try {
            for (int length = fast.read(buffer); length >= 0; length = fast.read(buffer.clear())) {
                RECEIVED_BYTES.addAndGet(length);
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private static void fail(IOException e) {
        if (!over) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer ascii(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
