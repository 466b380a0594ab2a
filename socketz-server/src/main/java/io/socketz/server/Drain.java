package io.socketz.server;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * How a server behind HAProxy is emptied. Owned by the first loop.
 *
 * <pre>
 *   SERVING --begin--> NOTICE --time is up--> CLOSING --nobody is left--> EMPTY
 *                      the agent port          no more are accepted,
 *                      answers drain           clients are closed one by one
 * </pre>
 *
 * <p>The notice is left out where nobody asks the agent port. What follows behind EMPTY is {@link SocketzServer}'s.
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
        plan = DrainPlan.of(now, deadline, agent.isAskedWithin(Math.max(LATELY, notice), now) ? notice : 0);
        loop.deadlines().schedule(this, plan.closeFrom());
    }

    /** The notice is over. */
    @Override
    void onDeadline(long now) {
        acceptor.closeInOrder();
        for (int i = 0; i < loops.size(); i++) {
            EventLoop each = loops.get(i);
            Random random = new Random(seed + i);
            // Behind the connections that the acceptor has sent there.
            each.execute(() -> new Closings(each, plan, random).begin());
        }
        admission.onEmpty(() -> empty.complete(null));
    }

    /** After a defect: who waits goes on, and ends the server the short way. */
    @Override
    void abort(CloseReason reason, String detail) {
        onStop();
        empty.complete(null);
    }
}
