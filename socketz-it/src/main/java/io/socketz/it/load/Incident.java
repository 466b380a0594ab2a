package io.socketz.it.load;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a client against its will.
 *
 * @param client its number
 * @param at when, by {@link System#nanoTime}
 * @param server it was connected to; null if it did not know yet
 * @param waited since its last request, or since it began to connect
 * @param detail for people
 */
public record Incident(
        int client, long at, Kind kind, @Nullable UUID server, Duration waited, String detail) {
    /** What happened. */
    public enum Kind {
        /** Nothing listens where clients connect. */
        REFUSED,
        /** Its connection was accepted, and ended before the greeting. */
        TURNED_AWAY,
        /** The other side closed its connection while no request was pending. */
        CLOSED,
        /** The other side closed its connection instead of answering. */
        CLOSED_UNANSWERED,
        /** Its connection was reset, or broke. */
        RESET,
        /** No answer came within its time limit. */
        SILENCE,
        /** It got an impossible answer. */
        WRONG
    }

    @Override
    public String toString() {
        return "client " + client + ": " + kind + " (" + detail + ") after " + waited.toMillis() + " ms on " + server;
    }
}
