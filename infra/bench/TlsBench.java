import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * What TLS costs a server on this machine.
 *
 * <pre>{@code
 * java infra/bench/TlsBench.java PORT idle COUNT PID   # resident bytes for each of COUNT idle connections
 * java infra/bench/TlsBench.java PORT shake SECONDS    # handshakes a second, one after the other
 * java infra/bench/TlsBench.java PORT half COUNT       # WHY of one client, without and beside COUNT half-open handshakes
 * }</pre>
 *
 * It trusts every certificate.
 */
final class TlsBench {
    private static final int REQUESTS = 2_000;

    private TlsBench() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        int amount = Integer.parseInt(args[2]);
        SSLSocketFactory factory = factory();
        switch (args[1]) {
            case "idle" -> idle(factory, port, amount, args[3]);
            case "shake" -> shake(factory, port, amount);
            case "half" -> half(factory, port, amount);
            default -> throw new IllegalArgumentException(args[1]);
        }
    }

    private static SSLSocketFactory factory() throws Exception {
        X509TrustManager all = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {all}, null);
        return context.getSocketFactory();
    }

    /** A client that has read its greeting. */
    private static Socket greeted(SSLSocketFactory factory, int port) throws IOException {
        Socket plain = new Socket("127.0.0.1", port);
        plain.setTcpNoDelay(true); // the handshake is several small writes
        Socket socket = factory.createSocket(plain, "127.0.0.1", port, true);
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        in.readLine();
        return socket;
    }

    private static void idle(SSLSocketFactory factory, int port, int count, String pid) throws Exception {
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < 100; i++) { // what the first ones cost is not the price of one more
            held.add(greeted(factory, port));
        }
        long before = resident(pid);
        for (int i = 0; i < count; i++) {
            held.add(greeted(factory, port));
        }
        long after = resident(pid);
        System.out.printf("%,d bytes for each of %,d idle connections%n", (after - before) / count, count);
        System.exit(0);
    }

    private static long resident(String pid) throws Exception {
        for (int i = 0; i < 2; i++) {
            new ProcessBuilder("jcmd", pid, "GC.run").start().waitFor();
            Thread.sleep(1_000);
        }
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    private static void shake(SSLSocketFactory factory, int port, int seconds) throws IOException {
        for (int round = 0; round < 2; round++) { // the first warms up
            long begin = System.nanoTime();
            int count = 0;
            while (System.nanoTime() - begin < seconds * 1_000_000_000L) {
                greeted(factory, port).close();
                count++;
            }
            if (round == 1) {
                System.out.printf("%,d handshakes a second%n", count / seconds);
            }
        }
    }

    private static void half(SSLSocketFactory factory, int port, int count) throws Exception {
        try (Socket client = greeted(factory, port)) {
            ask(client, "warm-up");
            ask(client, "alone");
            List<SocketChannel> open = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
                channel.write(ByteBuffer.wrap(new byte[] {22, 3, 1}));
                open.add(channel);
            }
            ask(client, "beside " + count + " half-open handshakes");
            try (Socket other = greeted(factory, port)) {
                ask(other, "another client, that connected then");
            }
            System.exit(0);
        }
    }

    private static void ask(Socket client, String when) throws IOException {
        long[] times = new long[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            long begin = System.nanoTime();
            client.getOutputStream().write("WHY\n".getBytes(StandardCharsets.US_ASCII));
            for (int b = client.getInputStream().read(); b != '\n'; b = client.getInputStream().read()) {
                if (b < 0) {
                    throw new IOException("the server ended the connection");
                }
            }
            times[i] = System.nanoTime() - begin;
        }
        Arrays.sort(times);
        System.out.printf(
                "WHY, %s: median %d us, p99 %d us%n", when, times[REQUESTS / 2] / 1000, times[REQUESTS * 99 / 100] / 1000);
    }
}
