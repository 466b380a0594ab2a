package io.socketz.server.haproxy;

import io.socketz.server.event.CloseReason;
import io.socketz.server.nio.Acceptor;
import io.socketz.server.nio.Alarm;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.session.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * How a server behind HAProxy is emptied. Owned by the first loop.
 *
 * <pre>{@code
 *   SERVING --begin--> NOTICE --time is up--> CLOSING --nobody is left, or time is up--> EMPTY
 *                      the agent port says    clients are closed one by one,          the port is closed
 *                      that it drains         the port is open
 * }</pre>
 *
 * <p>The server accepts as long as it has clients: a closed port fails health checks, and then HAProxy cuts the sessions
 * that are left. If nobody asks the agent port, nobody checks health either: then there is no notice, and the port is
 * closed when CLOSING begins. What follows EMPTY is up to the server's shutdown.
 */
public final class Drain extends Alarm {
    /** Ten of the usual intervals between checks: anyone who checks at all has asked in this time. A longer notice raises it. */
    static final long LATELY_NANOS = 10_000_000_000L;

    private final List<EventLoop> loops;
    private final Acceptor acceptor;
    private final AgentPort agent;
    private final Admission admission;
    private final long noticeNanos;
    private final long seed;
    private final CompletableFuture<Void> empty = new CompletableFuture<>();

    /** Without meaning before it begins. */
    private DrainPlan plan = new DrainPlan(0, 0, 0);

    /** Whether somebody asks the agent port. */
    private boolean asked;

    /** One for each loop; empty until the notice is over. */
    private final List<Closings> closings = new ArrayList<>();

    /**
     * A drain that has not begun.
     *
     * @param noticeNanos how long the notice lasts
     * @param seed of the order and the times in which clients are closed
     */
    public Drain(
            List<EventLoop> loops,
            Acceptor acceptor,
            AgentPort agent,
            Admission admission,
            long noticeNanos,
            long seed) {
        super(loops.get(0));
        this.loops = loops;
        this.acceptor = acceptor;
        this.agent = agent;
        this.admission = admission;
        this.noticeNanos = noticeNanos;
        this.seed = seed;
    }

    /**
     * Begins. From any thread.
     *
     * @param deadline when everything must be over, as {@link System#nanoTime}
     * @return completes when no connection is left
     */
    public CompletableFuture<Void> begin(long deadline) {
        loop.execute(() -> loop.guard(this, () -> onBegin(deadline)));
        return empty;
    }

    private void onBegin(long deadline) {
        long now = loop.now();
        asked = agent.isAskedWithin(Math.max(LATELY_NANOS, noticeNanos), now);
        plan = DrainPlan.of(now, deadline, asked ? noticeNanos : 0);
        loop.deadlines().schedule(this, plan.closeFrom());
    }

    /** The notice is over, or the time for clients. */
    @Override
    protected void onDeadline(long now) {
        if (closings.isEmpty()) {
            beginClosings();
        } else {
            closePort(Closings::cut);
        }
    }

    private void beginClosings() {
        if (!asked) {
            acceptor.closeInOrder();
        }
        for (int i = 0; i < loops.size(); i++) {
            closings.add(new Closings(loops.get(i), plan, new Random(seed + i)));
        }
        tell(Closings::begin);
        loop.deadlines().schedule(this, plan.cutAt());
        admission.onEmpty(() -> loop.execute(() -> loop.guard(this, this::onNobodyLeft)));
    }

    private void onNobodyLeft() {
        closePort(Closings::tellAll);
        // Some may have been waiting to be accepted.
        admission.onEmpty(() -> empty.complete(null));
    }

    private void closePort(Consumer<Closings> last) {
        acceptor.closeInOrder();
        tell(last);
    }

    /** After the connections that the acceptor has sent to the loops. A defect does not end the loop: the cut follows. */
    private void tell(Consumer<Closings> step) {
        closings.forEach(each -> each.loop().execute(() -> each.loop().guard(each, () -> step.accept(each))));
    }

    /** After a defect: the shutdown continues without a drain. */
    @Override
    public void abort(CloseReason reason, String detail) {
        onStop();
        empty.complete(null);
    }
}
