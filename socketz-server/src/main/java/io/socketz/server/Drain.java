package io.socketz.server;

import io.socketz.server.event.CloseReason;
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
 *                      the agent port         clients are closed one by one,          the port is closed
 *                      answers drain          the port is open
 * }</pre>
 *
 * <p>It accepts as long as it has clients: a port that is closed fails health checks, and then HAProxy cuts the sessions
 * that there are. Where nobody asks the agent port, nobody checks: then the notice is left out, and the port closed with
 * the beginning of the closing. What follows behind EMPTY is {@link SocketzServer}'s.
 */
final class Drain extends Alarm {
    /** Ten of the usual intervals, in nanoseconds: who asks at all has asked by then, unless a longer notice says otherwise. */
    static final long LATELY = 10_000_000_000L;

    private final List<EventLoop> loops;
    private final Acceptor acceptor;
    private final AgentPort agent;
    private final Admission admission;
    private final long notice;
    private final long seed;
    private final CompletableFuture<Void> empty = new CompletableFuture<>();

    /** Of no use before it begins. */
    private DrainPlan plan = new DrainPlan(0, 0, 0);

    /** Whether somebody asks the agent port. */
    private boolean asked;

    /** One for each loop; empty until the notice is over. */
    private final List<Closings> closings = new ArrayList<>();

    /**
     * A drain that has not begun.
     *
     * @param notice nanoseconds
     * @param seed of the order and the moments in which clients are closed
     */
    Drain(List<EventLoop> loops, Acceptor acceptor, AgentPort agent, Admission admission, long notice, long seed) {
        super(loops.get(0));
        this.loops = loops;
        this.acceptor = acceptor;
        this.agent = agent;
        this.admission = admission;
        this.notice = notice;
        this.seed = seed;
    }

    /**
     * Begins. From any thread.
     *
     * @param deadline when all is to be over, as {@link System#nanoTime}
     * @return completed when there is no connection any more
     */
    CompletableFuture<Void> begin(long deadline) {
        loop.execute(() -> loop.guard(this, () -> onBegin(deadline)));
        return empty;
    }

    private void onBegin(long deadline) {
        agent.drain();
        long now = loop.now();
        asked = agent.isAskedWithin(Math.max(LATELY, notice), now);
        plan = DrainPlan.of(now, deadline, asked ? notice : 0);
        loop.deadlines().schedule(this, plan.closeFrom());
    }

    /** The notice is over, or the time for clients. */
    @Override
    void onDeadline(long now) {
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

    /** Behind the connections that the acceptor has sent to the loops. A defect is left to the cut, and not to the loop. */
    private void tell(Consumer<Closings> step) {
        closings.forEach(each -> each.loop.execute(() -> each.loop.guard(each, () -> step.accept(each))));
    }

    /** After a defect: who waits goes on, and ends the server the short way. */
    @Override
    void abort(CloseReason reason, String detail) {
        onStop();
        empty.complete(null);
    }
}
