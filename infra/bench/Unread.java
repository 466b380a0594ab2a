import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Clients that ask and do not read, beside 20 that do: measures what happens to those 20, and what it costs the server
 * and the kernel. Needs a local server, on Linux.
 *
 * <pre>
 *   java infra/bench/Unread.java PORT PID CLIENTS REQUESTS SECONDS [end] [buffer=BYTES]
 * </pre>
 *
 * Each client sends {@code WHO} REQUESTS times, or as often as the server takes it; with {@code end} it then closes its
 * side. {@code buffer} is its receive buffer, by default 4096 bytes: so small that the kernel holds the rest for the server.
 */
public final class Unread {
    private static final int ASKERS = 20;
    private static final int BURST = 64 << 10;

    private final int port;
    private final boolean ends;
    private final int buffer;
    private final Selector selector;
    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final List<Long> micros = new ArrayList<>();
    private volatile boolean over;

    private Unread(int port, boolean ends, int buffer) throws IOException {
        this.port = port;
        this.ends = ends;
        this.buffer = buffer;
        this.selector = Selector.open();
    }

    /** The bytes that a client has still to send. */
    private static final class Rest {
        long bytes;
    }

    public static void main(String[] args) throws Exception {
        boolean ends = Arrays.asList(args).contains("end");
        int buffer = Stream.of(args)
                .filter(arg -> arg.startsWith("buffer="))
                .mapToInt(arg -> Integer.parseInt(arg.substring(7)))
                .findFirst()
                .orElse(4096);
        new Unread(Integer.parseInt(args[0]), ends, buffer)
                .run(
                        Long.parseLong(args[1]),
                        Integer.parseInt(args[2]),
                        Long.parseLong(args[3]),
                        Integer.parseInt(args[4]));
    }

    private void run(long pid, int clients, long requests, int seconds) throws Exception {
        List<Thread> askers = new ArrayList<>();
        for (int i = 0; i < ASKERS; i++) {
            Thread asker = new Thread(this::ask);
            askers.add(asker);
            asker.start();
        }
        Thread.sleep(500);
        say(pid, "before", 0);
        long begin = System.nanoTime();
        long next = begin + 1_000_000_000L;
        int opened = 0;
        int cut = 0;
        byte[] burst = "WHO\n".repeat(BURST / 4).getBytes(StandardCharsets.US_ASCII);
        while (System.nanoTime() - begin < seconds * 1_000_000_000L) {
            for (int i = 0; i < 100 && opened < clients; i++) {
                open(opened++, requests);
            }
            selector.select(10);
            for (SelectionKey key : selector.selectedKeys()) {
                cut += send(key, burst) ? 0 : 1;
            }
            selector.selectedKeys().clear();
            if (System.nanoTime() - next >= 0) {
                next += 1_000_000_000L;
                say(pid, opened + " opened", cut);
            }
        }
        over = true;
        for (Thread asker : askers) {
            asker.join(10_000);
        }
        long[] sorted = micros.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.printf(
                "askers: %d answers, %d failures, median %d us, p99 %d us, most %d us%n",
                answers.get(),
                failures.get(),
                sorted.length == 0 ? 0 : sorted[sorted.length / 2],
                sorted.length == 0 ? 0 : sorted[sorted.length * 99 / 100],
                sorted.length == 0 ? 0 : sorted[sorted.length - 1]);
        System.exit(failures.get() == 0 ? 0 : 1);
    }

    private void open(int number, long requests) throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.SO_RCVBUF, buffer);
        channel.bind(new InetSocketAddress(InetAddress.getByName("127.0.1." + (1 + number / 20_000)), 0));
        channel.connect(new InetSocketAddress("127.0.0.1", port));
        channel.configureBlocking(false);
        Rest rest = new Rest();
        rest.bytes = 4 * requests;
        channel.register(selector, SelectionKey.OP_WRITE, rest);
    }

    /** Returns false if the server has closed the connection. */
    private boolean send(SelectionKey key, byte[] burst) {
        Rest rest = (Rest) key.attachment();
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            ByteBuffer bytes = ByteBuffer.wrap(burst, 0, (int) Math.min(burst.length, rest.bytes));
            rest.bytes -= channel.write(bytes);
            if (rest.bytes == 0) {
                key.interestOps(0);
                if (ends) {
                    channel.shutdownOutput();
                }
            }
            return true;
        } catch (IOException e) {
            key.cancel();
            try {
                channel.close();
            } catch (IOException closed) {
                // It is closed already.
            }
            return false;
        }
    }

    private void ask() {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            in.readLine();
            while (!over) {
                long begin = System.nanoTime();
                socket.getOutputStream().write("WHO\n".getBytes(StandardCharsets.US_ASCII));
                String list = in.readLine();
                String count = in.readLine();
                if (list == null || !list.startsWith("client list: ") || !count.startsWith("connected clients: ")) {
                    throw new IOException("no answer");
                }
                answers.incrementAndGet();
                synchronized (micros) {
                    micros.add((System.nanoTime() - begin) / 1_000);
                }
                Thread.sleep(20);
            }
        } catch (IOException | InterruptedException e) {
            failures.incrementAndGet();
            System.out.println("asker: " + e);
        }
    }

    private static void say(long pid, String what, int cut) throws IOException {
        String status = "gone";
        Path file = Path.of("/proc/" + pid + "/status");
        if (Files.exists(file)) {
            status = Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith("VmRSS"))
                    .findFirst()
                    .orElse("VmRSS: gone")
                    .replaceAll("\\s+", " ");
        }
        String tcp = Files.readAllLines(Path.of("/proc/net/sockstat")).stream()
                .filter(line -> line.startsWith("TCP:"))
                .findFirst()
                .orElse("");
        long pages = Long.parseLong(tcp.replaceAll(".* mem ", ""));
        System.out.printf("%-13s %5d cut  server %s  kernel %d MB (%s)%n", what, cut, status, pages * 4 / 1024, tcp);
    }
}
