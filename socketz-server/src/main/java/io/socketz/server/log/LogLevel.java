package io.socketz.server.log;

import java.util.Locale;

/** How much an event matters, the most important first. */
public enum LogLevel {
    /** The server cannot continue. */
    ERROR(3),
    /** An operator should know this. */
    WARNING(4),
    /** Clients come and go, and the server starts and stops. */
    INFO(6),
    /** Each reply, and warnings of libraries. */
    DEBUG(7);

    private final int priority;

    LogLevel(int priority) {
        this.priority = priority;
    }

    /** As {@code --log-level} names it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same level for syslog and journald (RFC 5424, section 6.2.1). */
    int priority() {
        return priority;
    }

    /** Whether a log of this level shows events of {@code level}. */
    boolean shows(LogLevel level) {
        return level.compareTo(this) <= 0;
    }
}
