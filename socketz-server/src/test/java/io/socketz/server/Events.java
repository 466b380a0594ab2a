package io.socketz.server;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Records the events of a server so that a test can wait for them. */
final class Events implements ServerListener {
    private static final String WARNING = "warning ";

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override
    public void onConnected(String client) {
        events.add("connected " + client);
    }

    @Override
    public void onClosed(String client, CloseReason reason, String detail) {
        events.add("closed " + client + " " + reason + (detail.isEmpty() ? "" : " " + detail));
    }

    @Override
    public void onRebalancing(String message) {
        events.add(message);
    }

    @Override
    public void onWarning(String message) {
        events.add(WARNING + message);
    }

    /** The warnings among the events that have not been taken. */
    List<String> warnings() {
        return events.stream()
                .filter(event -> event.startsWith(WARNING))
                .map(event -> event.substring(WARNING.length()))
                .toList();
    }

    /** The next event; fails after ten seconds without one. */
    String next() throws InterruptedException {
        String event = events.poll(10, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no event");
        }
        return event;
    }

    /** The next event that begins with {@code start}; skips all others. */
    String next(String start) throws InterruptedException {
        String event = next();
        while (!event.startsWith(start)) {
            event = next();
        }
        return event;
    }
}
