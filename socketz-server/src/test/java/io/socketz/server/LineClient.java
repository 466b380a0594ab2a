package io.socketz.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A client over a real socket. Each read fails after ten seconds. */
public final class LineClient implements AutoCloseable {
    public static final String GREETING = "use 'WHY', 'WHO', 'WHERE', 'QUIT'";

    final Socket socket;
    private final InputStream in;
    private final String address;

    private LineClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.address = socket.getLocalAddress().getHostAddress() + ":" + socket.getLocalPort();
    }

    /** Connects, without reading anything. */
    static LineClient connect(SocketzServer server) throws IOException {
        return connect(server, "127.0.0.1");
    }

    /** Connects from a loopback address. */
    static LineClient connect(SocketzServer server, String from) throws IOException {
        return connect(server, from, 0);
    }

    /** Connects from a loopback address with a receive buffer of that size, or of the system's default if it is 0. */
    static LineClient connect(SocketzServer server, String from, int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
        socket.connect(server.address());
        return new LineClient(socket);
    }

    /** Speaks TLS on this connection from now on, or one of {@code protocols} if there are any. */
    LineClient secure(SSLContext context, String... protocols) throws IOException {
        SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        if (protocols.length > 0) {
            secured.setEnabledProtocols(protocols);
        }
        secured.startHandshake();
        return new LineClient(secured);
    }

    /** Connects and reads the greeting: the client is now on the roster. */
    static LineClient greeted(SocketzServer server) throws IOException {
        LineClient client = connect(server);
        client.expect(GREETING);
        return client;
    }

    /** Its {@code address:port}, as the server sees it. */
    String address() {
        return address;
    }

    void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** The next line without its LF; fails at the end of the stream. */
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

    void expect(String... lines) throws IOException {
        for (String expected : lines) {
            String line = line();
            if (!line.equals(expected)) {
                throw new AssertionError("expected: " + expected + "\nreceived: " + line);
            }
        }
    }

    /** Everything up to the end of the connection. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    String ask(String command) throws IOException {
        send(command + "\n");
        return line();
    }

    /** The lines of the block that answers {@code command}, its first line included. */
    List<String> askBlock(String command) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(ask(command));
        int count = Integer.parseInt(lines.get(0).substring(0, lines.get(0).indexOf(' ')));
        for (int i = 0; i < count; i++) {
            lines.add(line());
        }
        return lines;
    }

    /** Closes the connection with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
