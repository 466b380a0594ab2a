package io.socketz.client.repl;

import io.socketz.client.console.Printable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Shows lines for a person on a thread of its own: a terminal may be slow, and the client's thread must not wait for it. Of
 * many lines in a moment, the last are shown, and the others are counted. Thread-safe.
 */
final class RecentLines {
    private static final int MOST_LINES = 20;
    private static final long PAUSE_MILLIS = 100;

    private final Consumer<String> printer;

    /** Guarded by this. */
    private final Deque<String> waiting = new ArrayDeque<>();

    /** Lines that were too many. Guarded by this. */
    private long dropped;

    /** Guarded by this. */
    private boolean over;

    /**
     * Begins.
     *
     * @param thread its name
     * @param printer shows lines; may block
     */
    RecentLines(String thread, Consumer<String> printer) {
        this.printer = printer;
        Thread shows = new Thread(this::run, thread);
        shows.setDaemon(true);
        shows.start();
    }

    /** A line to show soon; made fit for a terminal. Never blocks. */
    synchronized void add(String line) {
        if (over) {
            return;
        }
        waiting.add(Printable.of(line));
        if (waiting.size() > MOST_LINES) {
            waiting.remove();
            dropped++;
        }
        notifyAll();
    }

    /** Shows what has gathered, and nothing more. */
    synchronized void close() {
        over = true;
        notifyAll();
    }

    private void run() {
        try {
            for (List<String> lines = take(); !lines.isEmpty(); lines = take()) {
                lines.forEach(printer);
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next lines; none at the end. */
    private synchronized List<String> take() throws InterruptedException {
        while (waiting.isEmpty() && !over) {
            wait();
        }
        List<String> lines = new ArrayList<>();
        if (dropped > 0) {
            lines.add(String.format(Locale.ROOT, "... %,d more before these", dropped));
        }
        lines.addAll(waiting);
        waiting.clear();
        dropped = 0;
        return lines;
    }
}
