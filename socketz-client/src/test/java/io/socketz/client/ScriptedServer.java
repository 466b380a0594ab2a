package io.socketz.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that follows scripts: the first connection gets the first script, and so on; the last script serves all
 * others.
 */
public final class ScriptedServer implements AutoCloseable {
    static final String GREETING = "use 'WHY', 'WHO', 'WHERE', 'QUIT'\n";
    static final String ID = "08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a\n";

    /** What to do with one connection, which is closed at the end. */
    public interface Script {
        void play(Peer peer) throws Exception;
    }

    private final ServerSocket socket;
    private final List<Script> scripts;
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch connected = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<Peer> peers = new ConcurrentLinkedQueue<>();

    /** All lines of all connections, except the {@code WHERE} that begins each. */
    final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private ScriptedServer(String host, List<Script> scripts) throws IOException {
        this.socket = new ServerSocket(0, 50, Literals.address(host));
        this.scripts = scripts;
        start(this::accept);
    }

    public static ScriptedServer start(Script... scripts) throws IOException {
        return startOn("127.0.0.1", scripts);
    }

    static ScriptedServer startOn(String host, Script... scripts) throws IOException {
        return new ScriptedServer(host, List.of(scripts));
    }

    /** {@code host:port}. */
    public String address() {
        return socket.getInetAddress().getHostAddress() + ":" + port();
    }

    int port() {
        return socket.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    /** Waits for the first connection, whose script then begins. */
    void awaitConnection() throws InterruptedException {
        if (!connected.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("no connection");
        }
    }

    /** The next line from any connection. */
    String nextLine() throws InterruptedException {
        String line = lines.poll(20, TimeUnit.SECONDS);
        if (line == null) {
            throw new AssertionError("no line");
        }
        return line;
    }

    private void accept() {
        try {
            while (true) {
                Socket accepted = socket.accept();
                Script script = scripts.get(Math.min(connections.getAndIncrement(), scripts.size() - 1));
                Peer peer = new Peer(accepted);
                peers.add(peer);
                start(() -> play(script, peer));
                connected.countDown();
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private static void play(Script script, Peer peer) {
        try (peer) {
            script.play(peer);
        } catch (Exception e) {
            // The client or the test has ended; the test itself reports what it missed.
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Peer peer : peers) {
            peer.close();
        }
    }

    /** The server's side of one connection. */
    public final class Peer implements AutoCloseable {
        final Socket socket;
        private final BufferedReader in;

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        public void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }

        /** Sends US-ASCII byte by byte. */
        void sendByByte(String text) throws IOException {
            for (int i = 0; i < text.length(); i++) {
                socket.getOutputStream().write(text.charAt(i));
            }
        }

        /** Greets and tells the id. */
        public void welcome() throws IOException {
            welcome(ID);
        }

        void welcome(String id) throws IOException {
            send(GREETING);
            if (!"WHERE".equals(in.readLine())) {
                throw new AssertionError("a connection that does not begin with WHERE");
            }
            send(id);
        }

        /** The next request. */
        public String line() throws IOException {
            String line = in.readLine();
            if (line == null) {
                throw new IOException("the client has ended the connection");
            }
            lines.add(line);
            return line;
        }

        /** Answers each request with an error whose text is the request, until the client ends. */
        void echo() throws IOException {
            while (true) {
                send("error ECHO " + line() + "\n");
            }
        }

        /** Does nothing until the client ends the connection. */
        public void idle() throws IOException {
            while (true) {
                line();
            }
        }

        /** Reads nothing until the test ends. */
        void ignore() throws InterruptedException {
            Thread.currentThread().join();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
