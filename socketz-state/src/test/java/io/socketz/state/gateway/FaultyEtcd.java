package io.socketz.state.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A server in the place of etcd that answers what a test wants, byte for byte. */
final class FaultyEtcd implements AutoCloseable {
    /** Answers a request; the connection then waits for the next one. */
    interface Script {
        void answer(Request request, Wire wire) throws IOException;
    }

    /** @param headers by name in lower case */
    record Request(String path, Map<String, String> headers, String body) {}

    /** A connection, from its server's side. */
    static final class Wire {
        private final Socket socket;

        /** Completes when the client closes the connection. */
        private final CompletableFuture<Object> closed;

        Wire(Socket socket, CompletableFuture<Object> closed) {
            this.socket = socket;
            this.closed = closed;
        }

        void raw(String bytes) throws IOException {
            OutputStream out = socket.getOutputStream();
            out.write(bytes.getBytes(ISO_8859_1));
            out.flush();
        }

        /** A whole response. */
        void respond(int status, String body) throws IOException {
            int length = body.getBytes(UTF_8).length;
            raw("HTTP/1.1 " + status + " Whatever\r\nContent-Type: application/json\r\nContent-Length: " + length
                    + "\r\n\r\n" + body);
        }

        /** A refusal as etcd 3.4 sends it: with a trailer, in one write. */
        void refuse(int status, int code, String words) throws IOException {
            String body = "{\"error\":\"" + words + "\",\"message\":\"" + words + "\",\"code\":" + code + "}";
            raw("HTTP/1.1 " + status + " Whatever\r\nContent-Type: application/json\r\n"
                    + "Trailer: Grpc-Trailer-Content-Type\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + Integer.toHexString(body.length()) + "\r\n" + body
                    + "\r\n0\r\nGrpc-Trailer-Content-Type: application/grpc\r\n\r\n");
        }

        /** Begins a response without ending it. */
        void beginStream() throws IOException {
            raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
        }

        void chunk(String text) throws IOException {
            raw(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
        }

        void endStream() throws IOException {
            raw("0\r\n\r\n");
        }

        void close() throws IOException {
            socket.close();
        }

        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        CompletableFuture<Object> closed() {
            return closed;
        }

        /** Stays silent until the client closes the connection. For scripts, which must not wait for {@link #closed}. */
        void awaitEnd() throws IOException {
            var unused = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    private final ServerSocket listener;
    private final Script script;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Object>> connections = new CopyOnWriteArrayList<>();

    FaultyEtcd(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "faulty-etcd");
        thread.setDaemon(true);
        thread.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** All requests so far. */
    List<Request> requests() {
        return requests;
    }

    /** The ends of all connections so far. */
    List<CompletableFuture<Object>> connections() {
        return connections;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                var closed = new CompletableFuture<Object>();
                connections.add(closed);
                start(() -> serve(socket, closed));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket, CompletableFuture<Object> closed) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            Wire wire = new Wire(socket, closed);
            for (Request request = read(in); request != null; request = read(in)) {
                requests.add(request);
                script.answer(request, wire);
            }
        } catch (IOException | UncheckedIOException e) {
            // by the client or by the script
        } finally {
            closed.complete(socket);
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String start = line(in);
        if (start == null) {
            return null;
        }
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in.readNBytes(length);
        return new Request(List.of(start.split(" ")).get(1), headers, new String(body, UTF_8));
    }

    private static @Nullable String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                return null;
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : new ArrayList<>(open)) {
            socket.close();
        }
    }
}
