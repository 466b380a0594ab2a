package io.socketz.server.session;

import io.socketz.server.event.CloseReason;
import io.socketz.server.nio.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The clients of one loop for which the server holds memory, the slowest first: the one that has taken nothing for longest.
 * They are closed in that order, over all loops, while more is held than {@link HeldMemory} allows. A loop closes its own
 * clients only; it asks the loop with the slowest client of all to close that one.
 *
 * <p>Owned by the loop, except where a method says otherwise.
 */
final class Holders {
    private static final long NOBODY = Long.MAX_VALUE;

    /**
     * Bytes of requests that are not counted: about what an idle connection takes anyway. So the beginning of a line that a
     * person is typing costs nothing, and nobody is closed for it.
     */
    private static final int UNCOUNTED_BYTES = 1 << 10;

    final EventLoop loop;
    private final HeldMemory memory;

    /** The holders of all loops, these included. Complete before a loop is started. */
    private final List<Holders> all;

    private final LinkedHashSet<HeldShare> slowestFirst = new LinkedHashSet<>();

    /** The ticket of the slowest client. Written by the loop, read by all. */
    private volatile long slowest = NOBODY;

    /** Whether the loop has been asked to close its slowest client, and has not done so yet. Shared by all loops. */
    private final AtomicBoolean asked = new AtomicBoolean();

    private Holders(EventLoop loop, HeldMemory memory, List<Holders> all) {
        this.loop = loop;
        this.memory = memory;
        this.all = all;
    }

    /** One for each of {@code loops}, in their order. */
    static List<Holders> of(List<EventLoop> loops, HeldMemory memory) {
        List<Holders> all = new ArrayList<>();
        for (EventLoop loop : loops) {
            all.add(new Holders(loop, memory, all));
        }
        return Collections.unmodifiableList(all);
    }

    /**
     * Counts what is held for a client now. If that is too much for all clients together, closes the slowest, perhaps this
     * one. The very last step of an event: nothing may be left in the loop's buffer.
     *
     * @param input bytes of requests that are not decoded
     * @param backlogged whether replies wait for the kernel; these have been counted already
     * @param progressed whether the client has taken replies since this was last called
     */
    void hold(HeldShare share, int input, boolean backlogged, boolean progressed) {
        int counted = input > UNCOUNTED_BYTES ? input : 0;
        if (counted == 0 && !backlogged && share.ticket == 0) {
            return;
        }
        memory.addUnshared(counted - share.input);
        share.input = counted;
        if (counted == 0 && !backlogged) {
            remove(share);
            return;
        }
        if (progressed || share.ticket == 0) {
            toEnd(share);
        }
        relieve();
    }

    /** The client's connection is being closed: nothing is held for it any more. */
    void release(HeldShare share) {
        if (share.ticket != 0) {
            remove(share);
        }
        if (share.input > 0) {
            memory.addUnshared(-share.input);
            share.input = 0;
        }
    }

    private void toEnd(HeldShare share) {
        slowestFirst.remove(share);
        slowestFirst.add(share);
        share.ticket = memory.nextTicket();
        publish();
    }

    private void remove(HeldShare share) {
        slowestFirst.remove(share);
        share.ticket = 0;
        publish();
    }

    private void publish() {
        slowest = slowestFirst.isEmpty() ? NOBODY : first().ticket;
    }

    private HeldShare first() {
        return slowestFirst.iterator().next();
    }

    /** Closes the slowest client while too much is held. */
    private void relieve() {
        while (memory.isOver()) {
            Holders next = withSlowestOfAll();
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

    private Holders withSlowestOfAll() {
        Holders found = this;
        for (Holders each : all) {
            if (each.slowest < found.slowest) {
                found = each;
            }
        }
        return found;
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
        HeldShare share = first();
        // Before it is closed: whatever happens then, the next one is another.
        remove(share);
        loop.guard(
                share.client,
                () -> share.client.abort(
                        CloseReason.MEMORY_LIMIT, "more than " + memory.max() + " bytes are held for clients"));
    }
}
