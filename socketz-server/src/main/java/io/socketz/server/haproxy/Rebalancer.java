package io.socketz.server.haproxy;

import io.socketz.server.event.CloseReason;
import io.socketz.server.event.ServerListener;
import io.socketz.server.event.ServerState;
import io.socketz.server.haproxy.Rebalancing.End;
import io.socketz.server.haproxy.Rebalancing.Phase;
import io.socketz.server.nio.Alarm;
import io.socketz.server.nio.EventLoop;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets clients go while this server has more than its share: does what {@link Rebalancing} decides. Owned by the first loop.
 *
 * <p>Once a second it looks at the roster. It neither lets clients go nor steers new ones unless the roster is up to date, the
 * server is ready, and HAProxy asks the agent port: else nobody would learn where new clients should go.
 */
public final class Rebalancer extends Alarm {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long the registry may take to answer, on a busy machine. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final List<EventLoop> loops;
    private final Registry registry;
    private final Readiness readiness;
    private final AgentPort agent;
    private final Rebalancing rebalancing;
    private final ServerListener listener;
    private final Random random;
    private final LateMoves moves;

    /** Whether the registry has been asked, and has not answered yet; and when it was asked last. */
    private boolean asking;

    private long askedAt;

    /** Those of the loops that have answered, and how many have not. */
    private final List<Candidate> candidates = new ArrayList<>();

    private int silent;

    /** Null while it lets nobody go, or its candidates are not known yet. */
    private @Nullable Giving giving;

    /** Whether the listener was told that it begins. */
    private boolean told;

    /** Whether it lets clients go. Written by the first loop. */
    private volatile boolean active;

    /**
     * One that has not begun to look. From now on the agent port answers by what it decides.
     *
     * @param quietNanos how long the servers of the cluster must have had about as many clients before it begins
     * @param noticeNanos how long it takes until HAProxy has heard a new weight
     * @param seed of the times at which clients go
     */
    public Rebalancer(
            List<EventLoop> loops,
            Registry registry,
            Readiness readiness,
            AgentPort agent,
            long quietNanos,
            long noticeNanos,
            ServerListener listener,
            long seed) {
        super(loops.get(0));
        this.loops = loops;
        this.registry = registry;
        this.readiness = readiness;
        this.agent = agent;
        // Not all servers look at the same time.
        this.rebalancing = new Rebalancing(registry.self().id(), quietNanos, noticeNanos + 2 * LOOK_NANOS);
        agent.onShare(rebalancing::weight);
        this.listener = listener;
        this.random = new Random(seed);
        this.moves = new LateMoves(System.nanoTime());
    }

    /** Begins to look. From any thread. */
    public void start() {
        loop.execute(() -> loop.guard(this, () -> loop.deadlines().schedule(this, loop.now() + LOOK_NANOS)));
    }

    /** Whether it lets clients go. From any thread. */
    public boolean isActive() {
        return active;
    }

    // ---------------------------------------------------------------- looks

    @Override
    protected void onDeadline(long now) {
        loop.deadlines().schedule(this, now + LOOK_NANOS);
        if (asking && now - askedAt < PATIENCE_NANOS) {
            return;
        }
        if (asking || !mayAct(now)) {
            onLook(now, null);
            return;
        }
        asking = true;
        askedAt = now;
        var unused = registry.roster()
                .whenComplete((roster, closed) -> loop.execute(() -> loop.guard(this, () -> onRoster(roster))));
    }

    private boolean mayAct(long now) {
        return readiness.state(now) == ServerState.READY
                && agent.isAskedWithin(Drain.LATELY_NANOS, now)
                && registry.metrics().roster().well();
    }

    /** @param roster null if the registry is closed */
    private void onRoster(@Nullable Roster roster) {
        asking = false;
        onLook(loop.now(), roster == null ? null : Spread.of(roster));
    }

    private void onLook(long now, @Nullable Spread spread) {
        moves.onLook(now, registry.metrics().cluster().leaves().getOrDefault(CloseReason.REBALANCED.name(), 0L));
        boolean gave = rebalancing.phase() == Phase.GIVING;
        rebalancing.onLook(now, spread, giving == null ? 0 : giving.told());
        if (giving != null && giving.isExhausted() && rebalancing.phase() == Phase.GIVING) {
            rebalancing.onDone(now);
        }
        boolean gives = rebalancing.phase() == Phase.GIVING;
        if (gives && !gave) {
            begin(now);
        } else if (gives && giving != null) {
            giving.allow(rebalancing.allowed(), now + LOOK_NANOS);
        } else if (gave && !gives) {
            end();
        }
    }

    // ---------------------------------------------------------------- clients go

    private void begin(long now) {
        active = true;
        candidates.clear();
        silent = loops.size();
        long joinedBefore = moves.mayGoBefore(now);
        for (EventLoop each : loops) {
            each.execute(() -> {
                List<Candidate> found = Candidate.of(each, joinedBefore);
                loop.execute(() -> loop.guard(this, () -> onFound(found)));
            });
        }
    }

    private void onFound(List<Candidate> found) {
        candidates.addAll(found);
        silent--;
        if (silent > 0 || rebalancing.phase() != Phase.GIVING) {
            return;
        }
        candidates.sort(Candidate.ORDER);
        giving = new Giving(loop, candidates, random);
        if (!candidates.isEmpty()) {
            told = true;
            listener.onRebalancing("rebalancing: " + Math.min(rebalancing.planned(), candidates.size())
                    + " clients are to move to servers with fewer");
            giving.allow(rebalancing.allowed(), loop.now() + LOOK_NANOS);
        }
        candidates.clear();
    }

    private void end() {
        active = false;
        int gone = 0;
        if (giving != null) {
            gone = giving.told();
            giving.end();
            giving = null;
        }
        if (told) {
            told = false;
            End why = rebalancing.end();
            listener.onRebalancing("rebalancing has ended: " + gone + " clients were let go; " + why.text());
        }
    }

    /** After a defect, nobody else is let go. */
    @Override
    public void abort(CloseReason reason, String detail) {
        super.abort(reason, detail);
        rebalancing.onLook(loop.now(), null, 0);
        end();
    }
}
