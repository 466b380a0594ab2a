package io.socketz.client.repl;

import io.socketz.client.console.Printable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Shows lines for a person on a thread of its own: a terminal may be slow, and the client's thread must not wait for it. Of
 * many lines in a moment, the last are shown, and the others are counted. Thread-safe.
 */
final class RecentLines {
    private static final int MOST_LINES = 20;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long the last lines may take. */
    private static final long LAST_MILLIS = 500;

    private final Consumer<String> printer;
    private final Thread thread;

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
        this.thread = new Thread(this::run, thread);
        this.thread.setDaemon(true);
        this.thread.start();
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

    /** Shows what has gathered, and nothing more. Never blocks. */
    synchronized void end() {
        over = true;
        notifyAll();
    }

    /** The same, and waits for it, but not for a terminal that blocks: the terminal may be closed next. */
    void close() {
        end();
        try {
            thread.join(LAST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (List<String> lines = take(); !lines.isEmpty(); lines = take()) {
                lines.forEach(printer);
                pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets more lines gather, unless these were the last. */
    private synchronized void pause() throws InterruptedException {
        long until = System.nanoTime() + PAUSE_NANOS;
        for (long rest = PAUSE_NANOS; rest > 0 && !over; rest = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, rest);
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
