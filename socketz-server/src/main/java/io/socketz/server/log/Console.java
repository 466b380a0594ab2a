package io.socketz.server.log;

import io.socketz.protocol.json.JsonObject;
import io.socketz.server.event.EndedConnection;
import io.socketz.server.event.ServerListener;
import io.socketz.state.Client;
import io.socketz.state.Member;
import java.io.PrintStream;
import java.time.Clock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is seen of a running server: a line for each event, on standard output; in the plain format, warnings are on standard
 * error.
 *
 * <p>A thread of its own writes, so that no event loop ever waits for a terminal or a pipe. Cap: {@value #MAX_LINES}
 * lines, mostly of about 200 bytes; when it is full, further lines are dropped, and their number is written later.
 */
public final class Console implements ServerListener, AutoCloseable {
    private static final int MAX_LINES = 8192;

    /** The end of the queue. */
    private static final LogEntry END = new LogEntry(0, "", LogLevel.DEBUG, LogEvent.STOPPING, "");

    private final PrintStream out;
    private final PrintStream err;
    private final LogSettings settings;
    private final Clock clock;
    private final Runnable failed;
    private final BlockingQueue<LogEntry> entries = new ArrayBlockingQueue<>(MAX_LINES);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer = new Thread(this::write, "socketz-console");

    /** The name of the server; empty until it is known. Set before the first client. */
    private volatile String server;

    /**
     * A console that writes until it is closed.
     *
     * @param failed what to do when the server cannot continue
     */
    public Console(PrintStream out, PrintStream err, LogSettings settings, Clock clock, Runnable failed) {
        this.out = out;
        this.err = err;
        this.settings = settings;
        this.server = settings.server();
        this.clock = clock;
        this.failed = failed;
        writer.setDaemon(true);
        writer.start();
    }

    // ---------------------------------------------------------------- what has happened

    /** Something that is told at {@link LogLevel#INFO}. */
    public void print(LogEvent event, String message) {
        log(LogLevel.INFO, event, message);
    }

    /** Something that an operator should know. */
    public void warn(LogEvent event, String message) {
        log(LogLevel.WARNING, event, message);
    }

    void onLibrary(LogLevel level, String logger, String message) {
        log(level, LogEvent.LIBRARY, logger + ": " + message, json -> json.text("logger", logger));
    }

    @Override
    public void onStarting(Member self) {
        server = self.name();
    }

    @Override
    public void onConnected(Client client) {
        log(LogLevel.INFO, LogEvent.CONNECTED, "connection from: " + client.address(), json -> describe(json, client));
    }

    @Override
    public void onReplied(String client) {
        if (settings.shows(LogLevel.DEBUG)) {
            log(LogLevel.DEBUG, LogEvent.REPLIED, "sent reply to " + client, json -> json.text("addr", client));
        }
    }

    @Override
    public void onClosed(EndedConnection ended) {
        LogLevel level = settings.levelOf(ended.reason());
        if (settings.shows(level)) {
            String detail = ended.detail().isEmpty() ? "" : " (" + ended.detail() + ")";
            log(
                    level,
                    LogEvent.CLOSED,
                    "connection closed: " + ended.address() + " " + ended.reason() + detail,
                    json -> describe(json, ended));
        }
    }

    @Override
    public void onRebalancing(String message) {
        print(LogEvent.REBALANCING, message);
    }

    @Override
    public void onWarning(String message) {
        warn(LogEvent.WARNING, message);
    }

    @Override
    public void onFailure(String message) {
        log(LogLevel.ERROR, LogEvent.FAILURE, message);
        failed.run();
    }

    private static void describe(JsonObject json, Client client) {
        json.text("id", client.id());
        json.text("addr", client.address());
        text(json, "via", client.via());
        text(json, "name", client.name());
    }

    private static void describe(JsonObject json, EndedConnection ended) {
        ended.client().ifPresentOrElse(client -> describe(json, client), () -> json.text("addr", ended.address()));
        json.text("reason", ended.reason().name());
        if (!ended.detail().isEmpty()) {
            json.text("detail", ended.detail());
        }
        json.preciseSeconds("duration", ended.open());
    }

    private static void text(JsonObject json, String key, @Nullable String value) {
        if (value != null) {
            json.text(key, value);
        }
    }

    // ---------------------------------------------------------------- the queue

    private void log(LogLevel level, LogEvent event, String message) {
        if (settings.shows(level)) {
            offer(new LogEntry(clock.millis(), server, level, event, message));
        }
    }

    private void log(LogLevel level, LogEvent event, String message, Consumer<JsonObject> fields) {
        if (settings.shows(level)) {
            offer(new LogEntry(clock.millis(), server, level, event, message, fields));
        }
    }

    private void offer(LogEntry entry) {
        if (!entries.offer(entry)) {
            dropped.incrementAndGet();
        }
    }

    private void write() {
        try {
            for (LogEntry entry = entries.take(); !entry.equals(END); entry = entries.take()) {
                write(entry);
                if (entries.isEmpty()) {
                    flush();
                }
            }
            flush();
        } catch (InterruptedException e) {
            // The process ends.
        }
    }

    private void write(LogEntry entry) {
        boolean toErr = settings.splitsWarnings() && LogLevel.WARNING.shows(entry.level());
        (toErr ? err : out).println(settings.format().line(entry));
    }

    private void flush() {
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            write(new LogEntry(
                    clock.millis(),
                    server,
                    LogLevel.WARNING,
                    LogEvent.DROPPED,
                    lost + " lines were dropped: they came faster than they could be written",
                    json -> json.number("lines", lost)));
        }
        out.flush();
        err.flush();
    }

    /** Writes what is left, for at most two seconds: a reader that has not read by then never will. */
    @Override
    public void close() {
        try {
            if (entries.offer(END, 1, TimeUnit.SECONDS)) {
                writer.join(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
