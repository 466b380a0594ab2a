package io.socketz.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client in this process, beside the real programs. A read fails when nothing comes in time. */
final class PlainClient implements AutoCloseable {
    static final String GREETING = "use 'WHY', 'WHO', 'WHERE', 'QUIT'";

    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final Socket socket = new Socket();
    private final InputStream in;

    private PlainClient(int port, String from) throws IOException {
        socket.bind(new InetSocketAddress(from, 0));
        socket.setSoTimeout((int) Polling.LIMIT.toMillis());
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects, without reading anything. */
    static PlainClient connect(int port) throws IOException {
        return new PlainClient(port, "127.0.0.1");
    }

    /** Connects from another address of loopback. */
    static PlainClient connectFrom(String address, int port) throws IOException {
        return new PlainClient(port, address);
    }

    /** Connects and reads the greeting. */
    static PlainClient greeted(int port) throws IOException {
        PlainClient client = connect(port);
        String line = client.line();
        if (!line.equals(GREETING)) {
            client.close();
            throw new AssertionError("greeted with: " + line);
        }
        return client;
    }

    /** Its {@code address:port}, as the server sees it. */
    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next line without its LF. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new AssertionError("closed after: " + line.toString(StandardCharsets.ISO_8859_1));
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    String ask(String command) throws IOException {
        send(command + "\n");
        return line();
    }

    /** All that comes until the server ends the connection; then ends it here too. */
    String rest() throws IOException {
        try (socket) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
