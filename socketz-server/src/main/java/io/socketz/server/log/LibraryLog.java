package io.socketz.server.log;

import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Brings what libraries log to the console, in its format. All of them end in {@code java.util.logging}: jetcd and Vert.x
 * by SLF4J, gRPC and Netty, the JDK by System.Logger.
 *
 * <p>Those that talk to etcd are silent unless the console shows {@link LogLevel#DEBUG}, since the server reports trouble with
 * etcd in its own words. A level that somebody has set for one of them stays, and so do other handlers. A program that
 * embeds the server decides on its own logs.
 */
public final class LibraryLog extends Handler {
    /** Held here because {@link java.util.logging.LogManager} forgets the level of a logger that nobody holds. */
    private static final List<Logger> OF_ETCD = List.of(
            Logger.getLogger("io.etcd"),
            Logger.getLogger("io.grpc"),
            Logger.getLogger("io.netty"),
            Logger.getLogger("io.vertx"));

    private final Console console;
    private final SimpleFormatter messages = new SimpleFormatter();

    LibraryLog(Console console) {
        this.console = console;
        setLevel(Level.ALL);
    }

    /** Takes the place of the JDK's own handler, which writes to standard error. */
    public static void attach(Console console, LogSettings settings) {
        level(settings.shows(LogLevel.DEBUG) ? Level.WARNING : Level.OFF, OF_ETCD);
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            if (handler instanceof ConsoleHandler) {
                root.removeHandler(handler);
            }
        }
        root.addHandler(new LibraryLog(console));
    }

    /** Silences those that talk to etcd, for a command without a console that reports trouble with etcd itself. */
    public static void silenceEtcd() {
        level(Level.OFF, OF_ETCD);
    }

    private static void level(Level level, List<Logger> loggers) {
        for (Logger logger : loggers) {
            if (logger.getLevel() == null) {
                logger.setLevel(level);
            }
        }
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            Throwable thrown = record.getThrown();
            console.onLibrary(
                    level(record.getLevel()),
                    String.valueOf(record.getLoggerName()),
                    messages.formatMessage(record) + (thrown == null ? "" : ": " + thrown));
        }
    }

    private static LogLevel level(Level level) {
        int value = level.intValue();
        if (value >= Level.WARNING.intValue()) {
            return LogLevel.WARNING; // an error is what ends the server
        }
        return value >= Level.INFO.intValue() ? LogLevel.INFO : LogLevel.DEBUG;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
