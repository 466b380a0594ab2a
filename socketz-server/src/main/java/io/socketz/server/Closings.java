package io.socketz.server;

import io.socketz.server.event.CloseReason;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Closes the connections of one loop one by one, in an order and at moments that chance decides. Who connects meanwhile,
 * which nobody does by way of HAProxy, has the last moment of all. Owned by the loop.
 */
final class Closings extends Alarm {
    private final DrainPlan plan;
    private final Random random;

    /** Those who were there when it began. */
    private List<Connection> connections = List.of();

    private EvenSpread moments;

    /** How many of them were told to end. */
    private int told;

    /** When the next one is told, or, behind the last, whoever has come since. */
    private long next;

    /** Does nothing before it begins. */
    Closings(EventLoop loop, DrainPlan plan, Random random) {
        super(loop);
        this.plan = plan;
        this.random = random;
        this.moments = spread();
    }

    private EvenSpread spread() {
        return new EvenSpread(plan.closeFrom(), plan.closeUntil(), connections.size(), random);
    }

    void begin() {
        connections = loop.connections();
        Collections.shuffle(connections, random);
        moments = spread();
        await();
    }

    private void await() {
        next = told < connections.size() ? moments.next() : plan.closeUntil();
        loop.deadlines().schedule(this, next);
    }

    @Override
    void onDeadline(long now) {
        while (told < connections.size() && next - now <= 0) {
            tell(connections.get(told++));
            await();
        }
        if (told == connections.size() && next - now <= 0) {
            tellAll();
        }
    }

    /** Tells everybody who is there to end; those who were told already do not mind. */
    void tellAll() {
        loop.deadlines().cancel(this);
        loop.connections().forEach(this::tell);
    }

    private void tell(Connection connection) {
        loop.guard(connection, connection::onDrain);
    }

    /** Ends everybody who is there, with the answers that can be given at once. */
    void cut() {
        tellAll();
        for (Connection connection : loop.connections()) {
            loop.guard(connection, () -> connection.abort(CloseReason.SERVER_DRAINING, ""));
        }
    }
}
