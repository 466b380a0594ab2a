package io.socketz.client.bench;

import java.util.List;
import java.util.function.Consumer;

/**
 * By schedule, whatever the answers do. All lanes of all loops take turns, so that a lane's n-th request is that of
 * index {@code lane.index() + n * connections}, and what is due needs no memory however much it is.
 */
final class PaceOfSchedule implements Pace {
    /** Of unanswered requests, so many groups are recorded for each lane at most; there may be billions. */
    private static final long GROUPS = 1_000;

    private final List<Lane> lanes;
    private final Schedule schedule;
    private final int connections;
    private final long count;
    private long end;

    /** Whose turn it is, and how many turns it has had. */
    private int turn;

    private long round;

    /** @param lanes of this loop, by index */
    PaceOfSchedule(List<Lane> lanes, Schedule schedule, int connections, long count, long end) {
        this.lanes = lanes;
        this.schedule = schedule;
        this.connections = connections;
        this.count = count;
        this.end = end;
    }

    private long at(Lane lane, long n) {
        return schedule.at(lane.index() + n * connections);
    }

    private boolean hasMore() {
        return lanes.get(turn).index() + round * connections < count && next() < end;
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
        return at(lanes.get(turn), round);
    }

    @Override
    public boolean isOver(long now) {
        return !hasMore();
    }

    @Override
    public void stop(long now) {
        end = Math.min(end, now);
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
