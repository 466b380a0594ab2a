package io.socketz.client.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Load on the worst of servers. The tests check no speed, only counts and deliberate delays. */
@Timeout(30)
class BenchTest {
    private static final long STALL_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final AtomicBoolean stop = new AtomicBoolean();

    private Result measure(LineServer server, Load load) throws Exception {
        return new Bench(stop).measure(load, new Dialer(List.of(server.address()), stop), Progress.none());
    }

    private static Load load(int connections, int depth, long rate, Duration duration, long count) {
        return new Load(
                new RequestText("PING"),
                1,
                ReplyCounter.AUTO,
                connections,
                depth,
                1,
                rate,
                0,
                duration.toNanos(),
                count);
    }

    private static String stallAtHundredth(int request) {
        long end = System.nanoTime() + STALL_NANOS;
        while (request == 100 && System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
        return "+PONG\r\n";
    }

    @Test
    void onAScheduleAStallShowsInAllRequestsDueMeanwhile() throws Exception {
        try (LineServer server = new LineServer("", BenchTest::stallAtHundredth)) {
            Result result = measure(server, load(1, 1, 200, Duration.ofHours(1), 200));
            assertThat(result.requests()).isEqualTo(200);
            assertThat(result.isClean()).isTrue();
            // One request met the stall itself. 60 were due meanwhile, 40 of them waited for more than 100 ms.
            assertThat(slower(result, STALL_NANOS / 3)).isBetween(30L, 200L);
        }
    }

    @Test
    void onAScheduleTheMeasurementLastsAsLongAsTheSchedule() throws Exception {
        try (LineServer server = new LineServer("", n -> "+PONG\r\n")) {
            Result byCount = measure(server, load(2, 1, 20, Duration.ofHours(1), 4));
            assertThat(byCount.requests()).isEqualTo(4);
            assertThat(byCount.seconds()).isGreaterThanOrEqualTo(0.2);
            Result byTime = measure(server, load(2, 1, 20, Duration.ofMillis(200), Load.NO_LIMIT));
            assertThat(byTime.requests()).isEqualTo(4);
            assertThat(byTime.seconds()).isGreaterThanOrEqualTo(0.2);
        }
    }

    @Test
    void withoutAScheduleAStallShowsInRequestsInFlight() throws Exception {
        try (LineServer server = new LineServer("", BenchTest::stallAtHundredth)) {
            Result result = measure(server, load(1, 4, 0, Duration.ofHours(1), 1_000));
            assertThat(result.requests()).isEqualTo(1_000);
            // Four requests were in flight; a busy machine may delay others too.
            assertThat(slower(result, STALL_NANOS)).isPositive();
        }
    }

    private static long slower(Result result, long than) {
        return result.latency().getCountBetweenValues(than - than / 100, Long.MAX_VALUE / 2);
    }

    @Test
    void allThreadsTogetherSendExactlyTheCount() throws Exception {
        try (LineServer server = new LineServer("INFO {}\r\n", n -> "PONG\r\n")) {
            Load load = new Load(new RequestText("PING"), 1, ReplyCounter.AUTO, 7, 16, 3, 0, 0, Load.NO_LIMIT, 10_001);
            Result result = measure(server, load);
            assertThat(result.requests()).isEqualTo(10_001);
            assertThat(server.requests()).isEqualTo(10_001);
            assertThat(result.bytesPerReply()).isBetween(6.0, 6.1);
            assertThat(result.isClean()).isTrue();
        }
    }

    @Test
    void countsNothingOfTheWarmUp() throws Exception {
        try (LineServer server = new LineServer("", n -> "PONG\r\n")) {
            Load load = new Load(
                    new RequestText("PING"), 1, 0, 3, 5, 1, 0, TimeUnit.MILLISECONDS.toNanos(50), Load.NO_LIMIT, 100);
            Result result = measure(server, load);
            assertThat(result.requests()).isEqualTo(100);
            assertThat(result.latency().getTotalCount()).isEqualTo(100);
            assertThat(server.requests()).isGreaterThan(100);
            assertThat(result.isClean()).isTrue();
        }
    }

    @Test
    void continuesOnTheRemainingConnections() throws Exception {
        try (LineServer server = new LineServer("", n -> n == 50 ? "" : "PONG\r\n")) {
            Result result = measure(server, load(4, 2, 0, Duration.ofHours(1), 1_000));
            assertThat(result.lost()).isEqualTo(1);
            assertThat(result.requests()).isBetween(998L, 999L);
            assertThat(result.requests() + result.unanswered()).isEqualTo(1_000);
            assertThat(result.isClean()).isFalse();
        }
    }

    @Test
    void endsWhenNoConnectionIsLeft() throws Exception {
        try (LineServer server = new LineServer("", n -> n >= 50 ? "" : "PONG\r\n")) {
            Result result = measure(server, load(4, 1, 0, Duration.ofHours(1), Load.NO_LIMIT));
            assertThat(result.lost()).isEqualTo(4);
            assertThat(result.requests()).isEqualTo(49);
            assertThat(result.unanswered()).isEqualTo(4).isEqualTo(result.cutOff());
        }
    }

    @Test
    void countsUnansweredRequestsWithTheTimeTheyWaited() throws Exception {
        AtomicBoolean open = new AtomicBoolean();
        try (LineServer server = new LineServer("", n -> n <= 10 || open.get() ? "PONG\r\n" : "half a line")) {
            Result result = measure(server, load(2, 1, 100, Duration.ofHours(1), 30));
            assertThat(result.requests()).isEqualTo(10);
            assertThat(result.unanswered()).isEqualTo(20);
            assertThat(slower(result, LoadLoop.GRACE_NANOS)).isEqualTo(20);
        }
    }

    @Test
    void givesUpASilentServerIfOnlyAnswersWouldEndIt() throws Exception {
        try (LineServer server = new LineServer("", n -> n <= 6 ? "PONG\r\n" : "half a line")) {
            Load load = load(2, 3, 0, Duration.ofNanos(Load.NO_LIMIT), 1_000);
            Result result = new Bench(stop, STALL_NANOS)
                    .measure(load, new Dialer(List.of(server.address()), stop), Progress.none());
            assertThat(result.givenUp()).isTrue();
            assertThat(result.isClean()).isFalse();
            assertThat(result.requests()).isLessThanOrEqualTo(6);
            assertThat(result.unanswered()).isPositive();
        }
    }

    @Test
    void givesUpAServerThatHasBeenSilentSinceTheWarmUp() throws Exception {
        try (LineServer server = new LineServer("", n -> "half a line")) {
            Load load = new Load(
                    new RequestText("PING"), 1, 0, 2, 1, 1, 0, TimeUnit.MILLISECONDS.toNanos(50), Load.NO_LIMIT, 1);
            Result result = new Bench(stop, STALL_NANOS)
                    .measure(load, new Dialer(List.of(server.address()), stop), Progress.none());
            assertThat(result.givenUp()).isTrue();
            assertThat(result.requests()).isZero();
        }
    }

    @Test
    void toleratesSilenceIfATimeIsSet() throws Exception {
        try (LineServer server = new LineServer("", BenchTest::stallAtHundredth)) {
            Result result = new Bench(stop, STALL_NANOS / 3)
                    .measure(
                            load(1, 1, 0, Duration.ofHours(1), 1_000),
                            new Dialer(List.of(server.address()), stop),
                            Progress.none());
            assertThat(result.givenUp()).isFalse();
            assertThat(result.requests()).isEqualTo(1_000);
        }
    }

    @Test
    void reportsWhyAThreadEnded() throws Exception {
        Load load = load(1, 1, 0, Duration.ofHours(1), 1);
        Tally tally = new Tally(0);
        try (SocketChannel blocking = SocketChannel.open()) {
            Lane lane = new Lane(new DialedChannel(blocking, null), 0, new ReplyCounter(1, 0, tally.errors));
            LoadLoop loop = new LoadLoop(
                    load, Window.of(load, 0), new Budget(1), List.of(lane), tally, stop, LoadLoop.PATIENCE_NANOS);
            loop.run();
            assertThatThrownBy(loop::check)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("IllegalBlockingModeException");
        }
    }

    @Test
    void noticesRepliesThatAnswerNoRequest() throws Exception {
        try (LineServer server = new LineServer("", n -> "VALUE\r\nEND\r\n")) {
            Result result = measure(server, load(1, 1, 0, Duration.ofHours(1), 100));
            assertThat(result.surplus()).isPositive();
            assertThat(result.isClean()).isFalse();
        }
    }

    @Test
    void reportsWhatItHasWhenStopped() throws Exception {
        try (LineServer server = new LineServer("", n -> {
            stop.compareAndSet(false, n == 1_000);
            return "PONG\r\n";
        })) {
            Result result = measure(server, load(2, 8, 0, Duration.ofHours(1), Load.NO_LIMIT));
            assertThat(result.requests()).isPositive();
            assertThat(result.unanswered()).isZero();
        }
    }

    @Test
    void measuresItself() throws Exception {
        try (LineServer server = new LineServer("", n -> "PONG\r\n")) {
            Load load = load(2, 8, 0, Duration.ofHours(1), 100);
            assertThat(new Bench(stop).ceiling(load, measure(server, load))).isPositive();
        }
    }

    @Test
    void theEchoAnswersEachRequestOfAnyNumberOfLines() throws Exception {
        byte[] reply = {'a', '\n', 'b', '\n'};
        Load load =
                new Load(new RequestText("set k 0 0 1\\r\\nx"), 2, 0, 3, 200_000, 1, 0, 0, Load.NO_LIMIT, 1_000_000);
        try (Echo echo = new Echo(2, 2, reply)) {
            Dialer dialer = new Dialer(echo.addresses(), stop);
            Result result = new Bench(stop).measure(load, dialer, Progress.none());
            assertThat(result.requests()).isEqualTo(1_000_000);
            assertThat(result.isClean()).isTrue();
        }
    }

    @Test
    void triesTheAddressesInTurn() throws Exception {
        try (LineServer one = new LineServer("", n -> "PONG\r\n");
                LineServer two = new LineServer("", n -> "PONG\r\n")) {
            List<InetSocketAddress> addresses = List.of(one.address(), two.address());
            Load load = load(4, 1, 100_000, Duration.ofHours(1), 100);
            Result result = new Bench(stop).measure(load, new Dialer(addresses, stop), Progress.none());
            assertThat(result.requests()).isEqualTo(100);
            assertThat(one.requests()).isEqualTo(50);
            assertThat(two.requests()).isEqualTo(50);
        }
    }
}
