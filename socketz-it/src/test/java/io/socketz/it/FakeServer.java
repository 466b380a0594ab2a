package io.socketz.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Acts as a server for one client: greets, tells an id, and answers everything else with the same bytes. */
final class FakeServer implements AutoCloseable {
    static final String ID = "08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a";

    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final String answer;

    private FakeServer(String answer) throws IOException {
        this.answer = answer;
        Thread thread = new Thread(this::serve, "fake server");
        thread.setDaemon(true);
        thread.start();
    }

    /** A server with this answer; if it is empty, it ends the connection instead. */
    static FakeServer start(String answer) throws IOException {
        return new FakeServer(answer);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void serve() {
        try (Socket socket = listening.accept()) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            socket.getOutputStream().write((PlainClient.GREETING + "\n").getBytes(UTF_8));
            boolean first = true;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!first && answer.isEmpty()) {
                    return;
                }
                socket.getOutputStream().write((first ? ID + "\n" : answer).getBytes(UTF_8));
                first = false;
            }
        } catch (IOException e) {
            // The client, or the test, has ended.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
