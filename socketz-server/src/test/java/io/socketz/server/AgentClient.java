package io.socketz.server;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks an agent port, as HAProxy does. Reads wait for ten seconds at most, then fail. */
final class AgentClient {
    private AgentClient() {}

    static Socket connect(SocketzServer server) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(10_000);
        socket.connect(server.agentAddress().orElseThrow());
        return socket;
    }

    /** What it says until it ends. */
    static String ask(SocketzServer server) throws IOException {
        try (Socket socket = connect(server)) {
            return rest(socket);
        }
    }

    static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    /** Asks until it says {@code drain}; the server is being closed, so that is soon. */
    static void awaitDrain(SocketzServer server) throws IOException {
        long limit = System.nanoTime() + 10_000_000_000L;
        while (!ask(server).equals("drain\n")) {
            if (System.nanoTime() - limit > 0) {
                throw new AssertionError("does not drain");
            }
        }
    }
}
