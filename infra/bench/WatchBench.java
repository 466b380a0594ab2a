import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what watching costs: many clients watch while others come and go, and one asks WHY again and again.
 *
 * <pre>usage: java WatchBench.java PORT WATCHERS CHANGES-A-SECOND SECONDS</pre>
 *
 * A change is a join or a leave. A join counts as committed when its client is greeted, and its delay is the time from then
 * until a watcher has its event. Use taskset to keep all processes on one processor, and -XX:ThreadPriorityPolicy=1, as root, so
 * that the one that asks WHY does not wait for those that watch.
 */
public final class WatchBench {
    private static final int WARM_UP_SECONDS = 2;
    private static final ByteBuffer INPUT = ByteBuffer.allocateDirect(1 << 20);

    private static Selector selector;
    private static InetSocketAddress server;

    /** When the client with this address was greeted. */
    private static final Map<String, Long> greetedAt = new HashMap<>();

    /** Joins that watchers told before the greeting was read: they count as without delay. */
    private static final Samples delays = new Samples();

    private static final Samples answers = new Samples();
    private static volatile boolean measuring;
    private static int watching;
    private static long events;

    private abstract static class Connection {
        final SocketChannel channel;
        final ByteBuffer line = ByteBuffer.allocate(2048);

        Connection() throws IOException {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_CONNECT, this);
            channel.connect(server);
        }

        void send(String text) throws IOException {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        }

        void onReadable() throws IOException {
            INPUT.clear();
            if (channel.read(INPUT) < 0) {
                throw new IOException("the server has closed " + getClass().getSimpleName());
            }
            INPUT.flip();
            while (INPUT.hasRemaining()) {
                byte b = INPUT.get();
                if (b != '\n') {
                    line.put(b);
                } else {
                    String text = new String(line.array(), 0, line.position(), StandardCharsets.US_ASCII);
                    line.clear();
                    onLine(text);
                }
            }
        }

        abstract void onLine(String text) throws IOException;
    }

    private static final class Watcher extends Connection {
        Watcher() throws IOException {}

        @Override
        void onLine(String text) throws IOException {
            if (text.startsWith("use ")) {
                send("WATCH\n");
            } else if (text.contains(" clients of ")) {
                watching++;
            } else if (text.startsWith("event ")) {
                events++;
                int address = text.indexOf(" join ") < 0 ? -1 : text.indexOf(" addr=");
                if (measuring && address > 0) {
                    Long greeted = greetedAt.get(text.substring(address + 6, text.indexOf(' ', address + 1)));
                    delays.add(greeted == null ? 0 : System.nanoTime() - greeted);
                }
            }
        }
    }

    private static final class Visitor extends Connection {
        Visitor() throws IOException {}

        @Override
        void onLine(String text) throws IOException {
            InetSocketAddress own = (InetSocketAddress) channel.getLocalAddress();
            greetedAt.put(own.getAddress().getHostAddress() + ":" + own.getPort(), System.nanoTime());
            present.add(this);
        }
    }

    private static final Deque<Visitor> present = new ArrayDeque<>();

    /** Asks once a millisecond. A thread of its own, so that it does not wait for what the watchers read. */
    private static void ask() {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setTcpNoDelay(true);
            byte[] request = "WHY\n".getBytes(StandardCharsets.US_ASCII);
            byte[] reply = new byte[64];
            socket.getInputStream().read(reply); // the greeting
            while (true) {
                long askedAt = System.nanoTime();
                socket.getOutputStream().write(request);
                socket.getInputStream().read(reply);
                if (measuring) {
                    answers.add(System.nanoTime() - askedAt);
                }
                LockSupport.parkNanos(1_000_000);
            }
        } catch (IOException e) {
            System.err.println("whoever asks WHY: " + e);
        }
    }

    /** Times in nanoseconds. */
    private static final class Samples {
        private long[] values = new long[1 << 16];
        private int size;

        synchronized void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        synchronized String show() {
            long[] sorted = Arrays.copyOf(values, size);
            Arrays.sort(sorted);
            return size == 0
                    ? "none"
                    : String.format(
                            Locale.ROOT,
                            "median %.2f ms, p99 %.2f ms, highest %.2f ms of %d",
                            sorted[size / 2] / 1e6,
                            sorted[(int) (size * 0.99)] / 1e6,
                            sorted[size - 1] / 1e6,
                            size);
        }
    }

    public static void main(String[] args) throws Exception {
        server = new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0]));
        int watchers = Integer.parseInt(args[1]);
        double visitorsPerSecond = Integer.parseInt(args[2]) / 2.0;
        int seconds = Integer.parseInt(args[3]);
        selector = Selector.open();
        for (int opened = 0; watching < watchers; ) {
            // Some at a time: all at once would fill the queue of connections that wait to be accepted.
            if (opened < watchers && opened - watching < 100) {
                new Watcher();
                opened++;
            }
            turn(opened < watchers && opened - watching < 100 ? 0 : 1);
        }
        Thread asker = new Thread(WatchBench::ask, "asker");
        asker.setPriority(Thread.MAX_PRIORITY);
        Thread.currentThread().setPriority(Thread.MIN_PRIORITY);
        asker.setDaemon(true);
        asker.start();
        long begin = System.nanoTime();
        long visitors = 0;
        for (double time = 0; time < WARM_UP_SECONDS + seconds; time = (System.nanoTime() - begin) / 1e9) {
            if (!measuring && time >= WARM_UP_SECONDS) {
                measuring = true;
                events = 0;
            }
            for (; visitors < time * visitorsPerSecond; visitors++) {
                new Visitor();
                if (present.size() > 100) {
                    present.remove().channel.close();
                }
            }
            turn(1);
        }
        System.out.println("events a second  " + events / seconds);
        System.out.println("join to watcher  " + delays.show());
        System.out.println("WHY              " + answers.show());
    }

    private static void turn(long millis) throws IOException {
        if (millis == 0) {
            selector.selectNow();
        } else {
            selector.select(millis);
        }
        for (SelectionKey key : selector.selectedKeys()) {
            Connection connection = (Connection) key.attachment();
            if (key.isValid() && key.isConnectable()) {
                connection.channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ);
            } else if (key.isValid() && key.isReadable()) {
                connection.onReadable();
            }
        }
        selector.selectedKeys().clear();
    }
}
