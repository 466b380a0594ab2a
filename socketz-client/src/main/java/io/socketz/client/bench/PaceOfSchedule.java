package io.socketz.client.bench;

import java.util.List;
import java.util.function.Consumer;

/**
 * On a schedule, regardless of answers. All lanes of all loops take turns: a lane's n-th request has the index {@code
 * lane.index() + n * connections} in the schedule, so that any number of due requests needs no memory.
 *
 * <p>Each request stands for the interval up to the next one, so that n requests take n / rate. From the first to the
 * last it is one interval less, which would make the rate look higher than it is.
 */
final class PaceOfSchedule implements Pace {
    /** The most groups of unanswered requests recorded for each lane; there may be billions of requests. */
    private static final long GROUPS = 1_000;

    private final List<Lane> lanes;
    private final Schedule schedule;
    private final int connections;

    /** Requests of the whole schedule; this loop sends its share of them. */
    private long count;

    private boolean stopped;

    /** Which lane's turn it is, and how many turns it has had. */
    private int turn;

    private long round;

    /**
     * A schedule's share.
     *
     * @param lanes of this loop, by index
     * @param count the most requests over all loops
     * @param end after which nothing is due, {@code schedule.begin()} or later
     */
    PaceOfSchedule(List<Lane> lanes, Schedule schedule, int connections, long count, long end) {
        this.lanes = lanes;
        this.schedule = schedule;
        this.connections = connections;
        this.count = Math.min(count, schedule.before(end));
    }

    private long at(Lane lane, long n) {
        return schedule.at(lane.index() + n * connections);
    }

    private long turnIndex() {
        return lanes.get(turn).index() + round * connections;
    }

    private boolean hasMore() {
        return turnIndex() < count;
    }

    @Override
    public void advance(long now, Consumer<Lane> changed) {
        while (hasMore() && next() <= now) {
            Lane lane = lanes.get(turn);
            if (!lane.isLost()) {
                lane.addDue(1);
                changed.accept(lane);
            }
            if (++turn == lanes.size()) {
                turn = 0;
                round++;
            }
        }
    }

    @Override
    public void onReplies(Lane lane, long now) {}

    @Override
    public long next() {
        return schedule.at(Math.min(count, turnIndex()));
    }

    @Override
    public boolean isOver(long now) {
        return stopped || (!hasMore() && now >= schedule.at(count));
    }

    @Override
    public long until(long now) {
        return Math.max(now, schedule.at(count));
    }

    @Override
    public void stop(long now) {
        count = Math.min(count, schedule.before(now));
        stopped = true;
    }

    @Override
    public void record(Lane lane, long from, long to, long now, Tally tally) {
        for (long n = from; n < to; n++) {
            tally.record(now - at(lane, n), 1);
        }
    }

    @Override
    public void recordUnanswered(Lane lane, long now, Tally tally) {
        long left = lane.unanswered();
        long group = Math.max(1, left / GROUPS);
        for (long n = lane.answered(); left > 0; n += group, left -= group) {
            tally.recordUnanswered(now - at(lane, n), Math.min(group, left));
        }
    }
}
