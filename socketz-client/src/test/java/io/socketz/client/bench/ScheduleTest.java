package io.socketz.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When requests are due: without a server, on simulated time. */
class ScheduleTest {
    @Test
    void spreadsRequestsEvenlyFromTheBeginning() {
        Schedule schedule = new Schedule(1_000, 4);
        assertThat(List.of(schedule.at(0), schedule.at(1), schedule.at(3), schedule.at(4)))
                .containsExactly(1_000L, 250_001_000L, 750_001_000L, 1_000_001_000L);
    }

    @Test
    void neitherDriftsNorOverflows() {
        Schedule schedule = new Schedule(0, 3);
        assertThat(schedule.at(3_000_000_000L)).isEqualTo(1_000_000_000L * 1_000_000_000L);
        assertThat(new Schedule(7, 9_999_991).at(9_999_991L * 60)).isEqualTo(7 + 60_000_000_000L);
    }

    @Test
    void lanesOfAllLoopsTakeTurns() {
        List<Lane> even = lanes(0, 2);
        List<Lane> odd = lanes(1, 3);
        Schedule schedule = new Schedule(0, 10);
        PaceOfSchedule ofEven = new PaceOfSchedule(even, schedule, 4, 100, Load.NO_LIMIT);
        PaceOfSchedule ofOdd = new PaceOfSchedule(odd, schedule, 4, 100, Load.NO_LIMIT);

        assertThat(due(ofEven, schedule.at(6))).containsExactly(0, 2, 0, 2);
        assertThat(due(ofOdd, schedule.at(6))).containsExactly(1, 3, 1);
        assertThat(ofEven.next()).isEqualTo(schedule.at(8));
        assertThat(ofOdd.next()).isEqualTo(schedule.at(7));
        assertThat(due(ofOdd, schedule.at(7) - 1)).isEmpty();
        assertThat(due(ofOdd, schedule.at(7))).containsExactly(3);
    }

    @Test
    void endsAfterTheCountOrTheTime() {
        Schedule schedule = new Schedule(0, 10);
        PaceOfSchedule byCount = new PaceOfSchedule(lanes(0, 1), schedule, 2, 5, Load.NO_LIMIT);
        assertThat(due(byCount, Load.NO_LIMIT / 2)).hasSize(5);
        // The interval of the fifth request is part of the measurement.
        assertThat(byCount.next()).isEqualTo(schedule.at(5));
        assertThat(byCount.isOver(schedule.at(5) - 1)).isFalse();
        assertThat(byCount.isOver(schedule.at(5))).isTrue();
        assertThat(byCount.until(schedule.at(5))).isEqualTo(schedule.at(5));

        PaceOfSchedule byTime = new PaceOfSchedule(lanes(0, 1), schedule, 2, Load.NO_LIMIT, schedule.at(7));
        assertThat(due(byTime, Load.NO_LIMIT / 2)).hasSize(7);
        assertThat(byTime.next()).isEqualTo(schedule.at(7));
        assertThat(byTime.isOver(schedule.at(7))).isTrue();
    }

    @Test
    void measuresWholeIntervalsSoThatTheRateIsExact() {
        Schedule schedule = new Schedule(0, 3);
        long end = 1_100_000_000L;
        PaceOfSchedule pace = new PaceOfSchedule(lanes(0), schedule, 1, Load.NO_LIMIT, end);
        assertThat(due(pace, end)).hasSize(4);
        assertThat(pace.isOver(end)).isFalse();
        assertThat(pace.isOver(schedule.at(4))).isTrue();

        PaceOfSchedule stopped = new PaceOfSchedule(lanes(0), schedule, 1, Load.NO_LIMIT, Load.NO_LIMIT);
        assertThat(due(stopped, 1_100_000_000L)).hasSize(4);
        stopped.stop(end);
        assertThat(stopped.isOver(end)).isTrue();
        assertThat(stopped.until(end)).isEqualTo(schedule.at(4));
    }

    @Test
    void knowsHowManyAreDueBeforeATime() {
        for (long rate : new long[] {1, 3, 7, 1_000, 9_999_991, 1_000_000_000}) {
            Schedule schedule = new Schedule(17, rate);
            for (long n : new long[] {0, 1, 2, 5, 1_000, 123_456_789}) {
                assertThat(schedule.before(schedule.at(n)))
                        .as("%d at %d/s", n, rate)
                        .isEqualTo(n);
                assertThat(schedule.before(schedule.at(n) + 1)).isEqualTo(n + 1);
            }
        }
        assertThat(new Schedule(0, 10_000_000).before(Load.NO_LIMIT)).isPositive();
    }

    @Test
    void latencyCountsFromTheScheduledTime() {
        Lane lane = lanes(0).get(0);
        Schedule schedule = new Schedule(0, 1_000);
        PaceOfSchedule pace = new PaceOfSchedule(List.of(lane), schedule, 1, Load.NO_LIMIT, Load.NO_LIMIT);
        Tally tally = new Tally(0);
        pace.record(lane, 0, 3, 5_000_000, tally);
        assertThat(tally.requests).isEqualTo(3);
        assertThat(tally.latency.getCountBetweenValues(2_990_000, 3_010_000)).isEqualTo(1);
        assertThat(tally.latency.getCountBetweenValues(4_990_000, 5_010_000)).isEqualTo(1);
    }

    @Test
    void recordsAnyNumberOfUnansweredRequests() {
        Lane lane = lanes(0).get(0);
        Schedule schedule = new Schedule(0, 1_000_000);
        PaceOfSchedule pace = new PaceOfSchedule(List.of(lane), schedule, 1, 1_234_567, Load.NO_LIMIT);
        assertThat(due(pace, Load.NO_LIMIT / 2)).hasSize(1_234_567);
        Tally tally = new Tally(0);
        pace.recordUnanswered(lane, 2_000_000_000L, tally);
        assertThat(tally.unanswered).isEqualTo(1_234_567);
        assertThat(tally.latency.getTotalCount()).isEqualTo(1_234_567);
        assertThat(tally.latency.getMaxValue()).isBetween(1_990_000_000L, 2_010_000_000L);
        assertThat(tally.latency.getMinValue()).isBetween(760_000_000L, 780_000_000L);
    }

    private static List<Integer> due(PaceOfSchedule pace, long now) {
        List<Integer> indexes = new ArrayList<>();
        pace.advance(now, lane -> indexes.add(lane.index()));
        return indexes;
    }

    private static List<Lane> lanes(int... indexes) {
        List<Lane> lanes = new ArrayList<>();
        for (int index : indexes) {
            lanes.add(Lanes.unconnected(index));
        }
        return lanes;
    }
}
