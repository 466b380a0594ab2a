package io.socketz.server.haproxy;

import io.socketz.server.event.CloseReason;
import io.socketz.server.nio.Alarm;
import io.socketz.server.nio.EventLoop;
import io.socketz.server.session.Session;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Closes the sessions of one loop one by one, in a random order and at random times. Clients that connect meanwhile (HAProxy
 * sends none) are closed at the very end. Owned by the loop.
 */
final class Closings extends Alarm {
    private final DrainPlan plan;
    private final Random random;

    /** The sessions that were open when it began, in the order in which they are closed. */
    private List<Session> sessions = List.of();

    private EvenSpread times;

    /** How many of them were told to end. */
    private int told;

    /** When the next one is told; after the last, when all that have come since are told. */
    private long next;

    /** Does nothing before {@link #begin}. */
    Closings(EventLoop loop, DrainPlan plan, Random random) {
        super(loop);
        this.plan = plan;
        this.random = random;
        this.times = spread();
    }

    EventLoop loop() {
        return loop;
    }

    private EvenSpread spread() {
        return new EvenSpread(plan.closeFrom(), plan.closeUntil(), sessions.size(), random);
    }

    void begin() {
        sessions = loop.attachments(Session.class);
        Collections.shuffle(sessions, random);
        times = spread();
        await();
    }

    private void await() {
        next = told < sessions.size() ? times.next() : plan.closeUntil();
        loop.deadlines().schedule(this, next);
    }

    @Override
    protected void onDeadline(long now) {
        while (told < sessions.size() && next - now <= 0) {
            tell(sessions.get(told++));
            await();
        }
        if (told == sessions.size() && next - now <= 0) {
            tellAll();
        }
    }

    /** Tells all current sessions to end. A session that was told before ignores it. */
    void tellAll() {
        loop.deadlines().cancel(this);
        loop.attachments(Session.class).forEach(this::tell);
    }

    private void tell(Session session) {
        loop.guard(session, () -> session.stop(CloseReason.SERVER_DRAINING));
    }

    /** Ends all sessions now, with the answers that can be given at once. */
    void cut() {
        tellAll();
        for (Session session : loop.attachments(Session.class)) {
            loop.guard(session, () -> session.abort(CloseReason.SERVER_DRAINING, ""));
        }
    }
}
