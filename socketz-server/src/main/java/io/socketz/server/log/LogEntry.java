package io.socketz.server.log;

import io.socketz.protocol.json.JsonObject;
import java.util.function.Consumer;

/**
 * An event, as it waits to be written.
 *
 * @param timeMillis since 1970-01-01T00:00:00Z
 * @param server its name; empty while it is not known
 * @param message for people; at most {@value #MAX_CHARACTERS} characters and an ellipsis
 * @param fields adds what a program wants to read, beside the message
 */
record LogEntry(
        long timeMillis, String server, LogLevel level, LogEvent event, String message, Consumer<JsonObject> fields) {
    /** Messages quote what others have written, which can be of any length. */
    static final int MAX_CHARACTERS = 2_000;

    /** An event that its message tells all about. */
    LogEntry(long timeMillis, String server, LogLevel level, LogEvent event, String message) {
        this(timeMillis, server, level, event, message, json -> {});
    }

    LogEntry {
        message = message.length() <= MAX_CHARACTERS ? message : message.substring(0, MAX_CHARACTERS) + "...";
    }
}
