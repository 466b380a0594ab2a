package io.socketz.server;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Queries an agent port as HAProxy does. Each read fails after ten seconds. */
public final class AgentClient {
    public static final String DRAINING = "up 0% #draining\n";

    private AgentClient() {}

    static Socket connect(SocketzServer server) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(server.agentAddress().orElseThrow());
        return socket;
    }

    /** The answer to a peer that sends nothing. */
    static String ask(SocketzServer server) throws IOException {
        return ask(server, "");
    }

    /** The answer to a peer that sends {@code requests} and closes its side. */
    static String ask(SocketzServer server, String requests) throws IOException {
        try (Socket socket = connect(server)) {
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return rest(socket);
        }
    }

    static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    /** Asks until the answer is drain, which comes soon because the server is being closed. */
    static void awaitDrain(SocketzServer server) throws IOException {
        long limit = System.nanoTime() + 10_000_000_000L;
        while (!ask(server).equals(DRAINING)) {
            if (System.nanoTime() - limit > 0) {
                throw new AssertionError("does not drain");
            }
        }
    }
}
