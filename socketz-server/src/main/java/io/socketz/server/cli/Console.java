package io.socketz.server.cli;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import java.io.PrintStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a person sees of a running server: a line for each event, on standard output, and warnings on standard error.
 *
 * <p>A thread of its own writes, so that no event loop ever waits for a terminal or a pipe. Cap: {@value #MAX_LINES}
 * lines of at most about 200 bytes; when it is full, further lines are dropped, and their number is written later.
 */
final class Console implements ServerListener, AutoCloseable {
    private static final int MAX_LINES = 8192;

    private enum Kind {
        EVENT,
        WARNING,
        END
    }

    private record Line(Kind kind, String text) {}

    private final PrintStream out;
    private final PrintStream err;
    private final boolean verbose;
    private final Runnable failed;
    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(MAX_LINES);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer = new Thread(this::write, "socketz-console");

    /**
     * A console that writes until it is closed.
     *
     * @param verbose whether replies and ordinary ends of connections are shown too
     * @param failed what to do when the server cannot continue
     */
    Console(PrintStream out, PrintStream err, boolean verbose, Runnable failed) {
        this.out = out;
        this.err = err;
        this.verbose = verbose;
        this.failed = failed;
        writer.setDaemon(true);
        writer.start();
    }

    void print(String text) {
        offer(new Line(Kind.EVENT, text));
    }

    @Override
    public void onConnected(String client) {
        print("connection from: " + client);
    }

    @Override
    public void onReplied(String client) {
        if (verbose) {
            print("sent reply to " + client);
        }
    }

    @Override
    public void onClosed(String client, CloseReason reason, String detail) {
        if (verbose || !reason.isOrdinary()) {
            print("connection closed: " + client + " " + reason + (detail.isEmpty() ? "" : " (" + detail + ")"));
        }
    }

    @Override
    public void onWarning(String message) {
        offer(new Line(Kind.WARNING, message));
    }

    @Override
    public void onFailure(String message) {
        onWarning(message);
        failed.run();
    }

    private void offer(Line line) {
        if (!lines.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    private void write() {
        try {
            for (Line line = lines.take(); line.kind != Kind.END; line = lines.take()) {
                (line.kind == Kind.WARNING ? err : out).println(line.text);
                if (lines.isEmpty()) {
                    flush();
                }
            }
            flush();
        } catch (InterruptedException e) {
            // The process ends.
        }
    }

    private void flush() {
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            err.println(lost + " lines were dropped: they came faster than they could be written");
        }
        out.flush();
        err.flush();
    }

    /** Writes what is left, for at most two seconds: a reader that has not read by then never will. */
    @Override
    public void close() {
        try {
            if (lines.offer(new Line(Kind.END, ""), 1, TimeUnit.SECONDS)) {
                writer.join(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
