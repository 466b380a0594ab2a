package io.socketz.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Records the events of a client in order, each as a text. */
final class RecordingListener implements ClientListener {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void onConnected(Server now, Optional<Server> before) {
        events.add("connected " + name(now)
                + before.map(server -> " after " + name(server)).orElse(""));
    }

    @Override
    public void onDisconnected(Server server, SocketzException why) {
        events.add("disconnected " + name(server) + ", " + why.reason() + ": " + why.getMessage());
    }

    @Override
    public void onAttemptFailed(Attempt attempt, Optional<Duration> nextIn) {
        events.add("failed " + attempt
                + nextIn.map(wait -> wait.isZero() ? ", next at once" : ", next later")
                        .orElse(""));
    }

    @Override
    public void onNotAuthorized(Server server, SocketzException why) {
        events.add("not authorized by " + name(server) + ", " + why.reason() + ": " + why.getMessage());
    }

    @Override
    public void onMessage(Server from, String text) {
        events.add("message " + text);
    }

    @Override
    public void onWarning(String message) {
        events.add("warning " + message);
    }

    /** Waits for the next event. */
    String next() throws InterruptedException {
        String event = events.poll(20, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("nothing happened");
        }
        return event;
    }

    /** Waits for the next event that begins with this. */
    String next(String start) throws InterruptedException {
        String event = next();
        while (!event.startsWith(start)) {
            event = next();
        }
        return event;
    }

    private static String name(Server server) {
        return server.shortId() + " at " + server.asked();
    }
}
