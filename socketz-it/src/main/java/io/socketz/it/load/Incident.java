package io.socketz.it.load;

import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that a client did not ask for.
 *
 * @param client its number
 * @param at when, by {@link System#nanoTime}
 * @param server where it was connected to; null if it did not know yet
 * @param waited since its last question, or since it began to connect
 * @param detail for people
 */
public record Incident(
        int client, long at, Kind kind, @Nullable UUID server, Duration waited, String detail) {
    /** What happened. */
    public enum Kind {
        /** Nobody listens where clients connect. */
        REFUSED,
        /** Its connection was accepted, and ended before it was greeted. */
        TURNED_AWAY,
        /** Its connection ended in order, and nothing was asked. */
        CLOSED,
        /** Its connection ended in order where an answer should be. */
        CLOSED_UNANSWERED,
        /** Its connection broke. */
        RESET,
        /** No answer came as long as it was patient; then it gave up. */
        SILENCE,
        /** It was told what can not be. */
        WRONG
    }

    @Override
    public String toString() {
        return "client " + client + ": " + kind + " (" + detail + ") after " + waited.toMillis() + " ms on " + server;
    }
}
