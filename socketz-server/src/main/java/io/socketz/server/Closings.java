package io.socketz.server;

import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Closes the connections of one loop one by one, in an order and at moments that chance decides. Owned by the loop. */
final class Closings extends Alarm {
    private final DrainPlan plan;
    private final List<Connection> connections;
    private final EvenSpread moments;

    /** How many of the connections were told to end. */
    private int told;

    /** When the next one is told, or, behind the last, when those that live are cut. */
    private long next;

    /** For all connections that {@code loop} has; no more will come. */
    Closings(EventLoop loop, DrainPlan plan, Random random) {
        super(loop);
        this.plan = plan;
        this.connections = loop.connections();
        Collections.shuffle(connections, random);
        this.moments = new EvenSpread(plan.closeFrom(), plan.closeUntil(), connections.size(), random);
    }

    void begin() {
        await();
    }

    private void await() {
        next = told < connections.size() ? moments.next() : plan.cutAt();
        loop.deadlines().schedule(this, next);
    }

    @Override
    void onDeadline(long now) {
        while (told < connections.size() && next - now <= 0) {
            Connection connection = connections.get(told++);
            loop.guard(connection, connection::onDrain);
            await();
        }
        if (plan.cutAt() - now > 0) {
            return;
        }
        loop.deadlines().cancel(this);
        for (Connection connection : loop.connections()) {
            loop.guard(connection, () -> connection.abort(CloseReason.SERVER_DRAINING, ""));
        }
    }
}
