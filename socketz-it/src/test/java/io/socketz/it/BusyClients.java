package io.socketz.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Clients that are active all the time, through a proxy: some for a few requests each, some until they are stopped. It
 * records what must not happen: a refused connection, a session cut short, half an answer, a reset.
 */
final class BusyClients implements AutoCloseable {
    private static final int SHORT = 3;
    private static final int LONG = 8;

    /** The pause between the requests of a long session, which leaves the processors to the servers. */
    private static final long THINK_MILLIS = 10;

    private final int port;
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    /** How many short sessions each server has had, by its id. */
    private final Map<String, Integer> shortSessions = new ConcurrentHashMap<>();

    /** How many long sessions each server has begun, by its id. */
    private final Map<String, Integer> begun = new ConcurrentHashMap<>();

    /** How many long sessions each server has ended, by its id. */
    private final Map<String, Integer> moved = new ConcurrentHashMap<>();

    /** The server that must get no new session; null for none. */
    private volatile @Nullable String excluded;

    private volatile boolean stopped;

    private BusyClients(int port) {
        this.port = port;
    }

    static BusyClients start(int port) {
        BusyClients sessions = new BusyClients(port);
        for (int i = 0; i < SHORT + LONG; i++) {
            boolean isShort = i < SHORT;
            Thread thread = new Thread(() -> sessions.run(isShort), "session " + i);
            thread.setDaemon(true);
            sessions.threads.add(thread);
            thread.start();
        }
        return sessions;
    }

    /** From now on, no session may begin at the server with {@code id}. */
    void exclude(String id) {
        excluded = id;
    }

    int shortSessions(String id) {
        return shortSessions.getOrDefault(id, 0);
    }

    /** How many long sessions have begun at the server with {@code id}. */
    int begun(String id) {
        return begun.getOrDefault(id, 0);
    }

    int moved(String id) {
        return moved.getOrDefault(id, 0);
    }

    /** Lets all sessions end, and returns what went wrong. */
    List<String> stop() throws InterruptedException {
        stopped = true;
        for (Thread thread : threads) {
            thread.join(Polling.LIMIT.toMillis());
            if (thread.isAlive()) {
                failures.add(thread.getName() + " has not ended");
            }
        }
        return List.copyOf(failures);
    }

    /** Lets all sessions end, and does not wait for that. */
    @Override
    public void close() {
        stopped = true;
    }

    private void run(boolean isShort) {
        while (!stopped) {
            try {
                session(isShort);
            } catch (IOException | AssertionError | InterruptedException e) {
                failures.add(Thread.currentThread().getName() + ": " + e);
            }
        }
    }

    private void session(boolean isShort) throws IOException, InterruptedException {
        String forbidden = excluded;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Polling.LIMIT.toMillis());
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            expect(PlainClient.GREETING, in.readLine());
            String id = ask(socket, in, "WHERE");
            if (id == null) {
                throw new AssertionError("ended before its first answer");
            }
            if (id.equals(forbidden)) {
                throw new AssertionError("began at a server that drains");
            }
            if (isShort) {
                expect("42", ask(socket, in, "WHY"));
                String rest = ask(socket, in, "QUIT");
                if (rest != null) {
                    throw new AssertionError("QUIT was answered: " + rest);
                }
                shortSessions.merge(id, 1, Integer::sum);
                return;
            }
            begun.merge(id, 1, Integer::sum);
            while (!stopped) {
                String answer = ask(socket, in, "WHY");
                if (answer == null) {
                    moved.merge(id, 1, Integer::sum);
                    return;
                }
                expect("42", answer);
                Thread.sleep(THINK_MILLIS);
            }
        }
    }

    /** The whole answer, or null if the connection ends before it begins. */
    private static @Nullable String ask(Socket socket, BufferedReader in, String command) throws IOException {
        socket.getOutputStream().write((command + "\n").getBytes(US_ASCII));
        return in.readLine();
    }

    private static void expect(String expected, @Nullable String line) {
        if (!expected.equals(line)) {
            throw new AssertionError("expected: " + expected + ", received: " + line);
        }
    }
}
