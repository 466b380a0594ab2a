package io.socketz.client.bench;

import java.util.List;
import java.util.function.Consumer;

/**
 * As fast as answers come: a lane sends as many requests as may be in flight, and the next batch when all are answered.
 */
final class PaceOfAnswers implements Pace {
    private final List<Lane> lanes;
    private final Budget budget;
    private final int depth;
    private long end;
    private boolean begun;

    PaceOfAnswers(List<Lane> lanes, Budget budget, int depth, long end) {
        this.lanes = lanes;
        this.budget = budget;
        this.depth = depth;
        this.end = end;
    }

    @Override
    public void advance(long now, Consumer<Lane> changed) {
        if (begun) {
            return;
        }
        begun = true;
        for (Lane lane : lanes) {
            onReplies(lane, now);
            changed.accept(lane);
        }
    }

    @Override
    public void onReplies(Lane lane, long now) {
        if (lane.isIdle() && !lane.isLost() && now < end) {
            lane.addDue(budget.claim(depth));
        }
    }

    @Override
    public long next() {
        return end;
    }

    @Override
    public boolean isOver(long now) {
        return now >= end || budget.isSpent();
    }

    @Override
    public long until(long now) {
        return now;
    }

    @Override
    public void stop(long now) {
        end = Math.min(end, now);
    }

    @Override
    public void record(Lane lane, long from, long to, long now, Tally tally) {
        tally.record(now - lane.sentAt(), to - from);
    }

    @Override
    public void recordUnanswered(Lane lane, long now, Tally tally) {
        if (lane.unanswered() > 0) {
            tally.recordUnanswered(now - lane.sentAt(), lane.unanswered());
        }
    }
}
