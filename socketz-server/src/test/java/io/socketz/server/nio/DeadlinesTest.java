package io.socketz.server.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.server.event.CloseReason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final Deadlines deadlines = new Deadlines();
    private final List<Timer> fired = new ArrayList<>();

    private final class Timer extends Attachment {
        @Override
        protected void onReady() {}

        @Override
        protected void onDeadline(long now) {
            fired.add(this);
        }

        @Override
        protected void onStop() {}

        @Override
        public void abort(CloseReason reason, String detail) {}
    }

    @Test
    void deadlinesFireInOrderWhicheverAreMovedOrCancelled() {
        long seed = Long.getLong("socketz.seed", System.nanoTime());
        Random random = new Random(seed);
        List<Timer> timers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            timers.add(new Timer());
        }
        List<Timer> scheduled = new ArrayList<>();
        // The order must be right even when nanoTime overflows.
        long now = Long.MAX_VALUE - 500;
        for (int i = 0; i < 20_000; i++) {
            Timer timer = timers.get(random.nextInt(timers.size()));
            if (random.nextInt(3) == 0) {
                deadlines.cancel(timer);
                scheduled.remove(timer);
            } else {
                deadlines.schedule(timer, now + random.nextInt(1000));
                scheduled.remove(timer);
                scheduled.add(timer);
            }
            if (random.nextInt(10) == 0) {
                now += random.nextInt(20);
                long limit = now;
                for (Attachment due = deadlines.pollDue(now); due != null; due = deadlines.pollDue(now)) {
                    due.onDeadline(now);
                }
                List<Timer> expected =
                        scheduled.stream().filter(each -> each.due - limit <= 0).toList();
                assertThat(fired).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
                assertThat(fired).as("seed %d", seed).isSortedAccordingTo(Comparator.comparingLong(t -> t.due - limit));
                scheduled.removeAll(expected);
                fired.clear();
                long next = scheduled.stream()
                        .mapToLong(each -> each.due - limit)
                        .min()
                        .orElse(-1);
                assertThat(deadlines.untilNext(now)).as("seed %d", seed).isEqualTo(next);
            }
        }
    }
}
