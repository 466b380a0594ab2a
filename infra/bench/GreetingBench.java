import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long clients wait for their greeting, and how many can be greeted each second.
 *
 * <pre>{@code
 * java infra/bench/GreetingBench.java HOST:PORT RATE SECONDS THREADS [stay]
 * }</pre>
 *
 * RATE is the connections a second, on a schedule; 0: each thread connects again as soon as it was greeted. A latency counts
 * from when the connection was due to the end of the greeting. Then the thread closes the connection. So there are at most as
 * many connections at a time as threads, which bounds the greetings a second when the roster is in etcd. With {@code stay},
 * connections stay open until the end, which comes after 15,000 of them at the latest: each needs a file descriptor.
 */
final class GreetingBench {
    private static final int MOST = 2_000_000;
    private static final int MOST_STAYING = 15_000;

    private GreetingBench() {}

    public static void main(String[] args) throws Exception {
        String[] target = args[0].split(":");
        InetSocketAddress server = new InetSocketAddress(target[0], Integer.parseInt(target[1]));
        int rate = Integer.parseInt(args[1]);
        int clients = Integer.parseInt(args[3]);
        boolean stay = args.length > 4 && args[4].equals("stay");
        long duration = TimeUnit.SECONDS.toNanos(Integer.parseInt(args[2]));
        long[] latencies = new long[MOST];
        AtomicInteger measured = new AtomicInteger();
        AtomicLong next = new AtomicLong();
        AtomicInteger begun = new AtomicInteger();
        Queue<Socket> staying = new ConcurrentLinkedQueue<>();
        long begin = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        for (int i = 0; i < clients; i++) {
            threads.execute(() -> {
                while (true) {
                    long due = rate == 0
                            ? System.nanoTime()
                            : begin + next.getAndIncrement() * TimeUnit.SECONDS.toNanos(1) / rate;
                    if (due - begin >= duration || stay && begun.incrementAndGet() > MOST_STAYING) {
                        return;
                    }
                    waitUntil(due);
                    Socket greeted = connect(server);
                    if (stay) {
                        staying.add(greeted);
                    } else {
                        close(greeted);
                    }
                    latencies[measured.getAndIncrement()] = System.nanoTime() - due;
                }
            });
        }
        threads.shutdown();
        threads.awaitTermination(1, TimeUnit.HOURS);
        double seconds = (System.nanoTime() - begin) / 1e9;
        int count = measured.get();
        long[] sorted = Arrays.copyOf(latencies, count);
        Arrays.sort(sorted);
        staying.forEach(GreetingBench::close);
        System.out.printf(
                Locale.ROOT,
                "%d greeted, %.0f/s; p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
                count,
                count / seconds,
                sorted[count / 2] / 1e6,
                sorted[(int) (count * 0.99)] / 1e6,
                sorted[count - 1] / 1e6);
    }

    private static void waitUntil(long due) {
        try {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                TimeUnit.NANOSECONDS.sleep(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Socket connect(InetSocketAddress server) {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoLinger(true, 0); // no TIME_WAIT: otherwise ports run out
            socket.connect(server);
            int read = socket.getInputStream().read();
            while (read >= 0 && read != '\n') {
                read = socket.getInputStream().read();
            }
        } catch (IOException e) {
            System.err.println(server + ": " + e.getMessage());
            System.exit(1);
        }
        return socket;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone.
        }
    }
}
