package io.socketz.server.admin;

import io.socketz.protocol.json.JsonObject;
import io.socketz.state.RegistryMetrics.JoinsAndLeaves;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** How many clients have joined and left the cluster in each interval of the last quarter of an hour. */
final class RateHistory {
    static final int INTERVAL_SECONDS = 5;

    private static final int INTERVALS = 15 * 60 / INTERVAL_SECONDS;

    private final Supplier<JoinsAndLeaves> counters;

    /** The latest is the last. Guarded by the lock, as all below. */
    private final long[] joins = new long[INTERVALS];

    private final long[] leaves = new long[INTERVALS];
    private JoinsAndLeaves last;

    RateHistory(Supplier<JoinsAndLeaves> counters) {
        this.counters = counters;
        this.last = counters.get();
    }

    /** An interval is over. */
    synchronized void sample() {
        JoinsAndLeaves now = counters.get();
        push(joins, now.joins() - last.joins());
        push(leaves, sum(now) - sum(last));
        last = now;
    }

    private static void push(long[] history, long value) {
        System.arraycopy(history, 1, history, 0, INTERVALS - 1);
        history[INTERVALS - 1] = value;
    }

    private static long sum(JoinsAndLeaves counters) {
        return counters.leaves().values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@code /api/rates}: clients that joined and left in each interval, oldest first; and who left since the start, by reason. */
    HttpResponse answer(QueryParameters query) throws BadRequestException {
        query.allow(List.of());
        JsonObject json = new JsonObject();
        json.number("interval", INTERVAL_SECONDS);
        JoinsAndLeaves now = counters.get();
        synchronized (this) {
            json.numbers("joins", Arrays.copyOf(joins, INTERVALS));
            json.numbers("leaves", Arrays.copyOf(leaves, INTERVALS));
        }
        JsonObject reasons = new JsonObject();
        now.leaves().forEach(reasons::number);
        json.object("reasons", reasons);
        return HttpResponse.json(200, json);
    }
}
