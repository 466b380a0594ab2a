package io.socketz.server.log;

import io.socketz.server.event.CloseReason;

/**
 * What is printed, and how.
 *
 * @param format how lines look
 * @param level the least important level that is printed
 * @param server its name; empty if it is not known before the start
 */
public record LogSettings(LogFormat format, LogLevel level, String server) {
    boolean shows(LogLevel asked) {
        return level.shows(asked);
    }

    /** Whether warnings go to standard error. All other formats keep everything in one stream, and so in its order. */
    boolean splitsWarnings() {
        return format == LogFormat.PLAIN;
    }

    /** The original server prints no ordinary end of a connection. */
    LogLevel levelOf(CloseReason reason) {
        return format == LogFormat.PLAIN && reason.isOrdinary() ? LogLevel.DEBUG : LogLevel.INFO;
    }
}
