package io.socketz.server;

import io.socketz.server.event.CloseReason;
import java.util.LinkedHashSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The connections of one loop for which the server holds memory, the slowest first: that is the one whose client has
 * taken nothing for longest. They are closed in that order, over all loops, while more is held than {@link HeldMemory}
 * allows. A loop closes its own connections only; it asks the loop with the slowest one to close that.
 *
 * <p>Owned by the loop, except where a method says otherwise.
 */
final class Holders {
    private static final long NOBODY = Long.MAX_VALUE;

    final EventLoop loop;
    private final HeldMemory memory;
    private final LinkedHashSet<Transport> slowestFirst = new LinkedHashSet<>();

    /** The ticket of the slowest one. Written by the loop, read by all. */
    private volatile long slowest = NOBODY;

    /** Whether the loop has been asked to close the slowest and has not come to it. Shared by all loops. */
    private final AtomicBoolean asked = new AtomicBoolean();

    Holders(EventLoop loop, HeldMemory memory) {
        this.loop = loop;
        this.memory = memory;
    }

    /** Memory is held for {@code connection}, and its client has just taken something, or this is the beginning. */
    void onProgress(Transport connection) {
        slowestFirst.remove(connection);
        slowestFirst.add(connection);
        connection.ticket = memory.nextTicket();
        publish();
    }

    /** No memory is held for {@code connection} any more. */
    void remove(Transport connection) {
        slowestFirst.remove(connection);
        connection.ticket = 0;
        publish();
    }

    private void publish() {
        slowest = slowestFirst.isEmpty() ? NOBODY : first().ticket;
    }

    private Transport first() {
        return slowestFirst.iterator().next();
    }

    /** The ticket of the slowest connection, {@link #NOBODY} where there is none. From any thread. */
    long slowest() {
        return slowest;
    }

    /** Closes the slowest while too much is held. For the end of an event: nothing is in the loop's buffer. */
    void relieve() {
        while (memory.isOver()) {
            Holders next = memory.withSlowest(this);
            if (next != this) {
                next.ask();
            }
            if ((next == this || memory.isFarOver()) && !slowestFirst.isEmpty()) {
                closeSlowest();
            } else {
                return;
            }
        }
    }

    /** From any thread. */
    private void ask() {
        if (asked.compareAndSet(false, true)) {
            loop.execute(() -> {
                asked.set(false);
                relieve();
            });
        }
    }

    private void closeSlowest() {
        Transport connection = first();
        // First: whatever happens when it is closed, the next one is another.
        remove(connection);
        loop.guard(
                connection,
                () -> connection.abort(
                        CloseReason.MEMORY_LIMIT, "more than " + memory.max() + " bytes are held for clients"));
    }
}
