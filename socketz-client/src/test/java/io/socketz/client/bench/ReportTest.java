package io.socketz.client.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** How a result is printed. */
class ReportTest {
    private static final long MILLISECOND = 1_000_000;

    private final Tally tally = new Tally(0);

    private Report report(OptionalDouble ceiling) {
        tally.until = 2_000 * MILLISECOND;
        Load load = new Load(new RequestText("GET \"a\",b"), 1, 0, 50, 16, 1, 0, 0, 2_000 * MILLISECOND, Load.NO_LIMIT);
        return new Report(load, "localhost:6379", Result.of(List.of(tally), 0), ceiling);
    }

    private void recordThousand() {
        tally.record(MILLISECOND * 3 / 20, 900);
        tally.record(3 * MILLISECOND, 99);
        tally.record(40 * MILLISECOND, 1);
        tally.bytes = 3_000;
        tally.replies = 1_000;
    }

    @Test
    void showsRateAndPercentilesInEightyColumns() {
        recordThousand();
        String text = report(OptionalDouble.of(4_000)).text(true);
        assertThat(text).isEqualTo("""
                GET "a",b to localhost:6379: 50 connections, 16 in flight on each, 1 thread
                500 requests/s, 0.0 MB/s of replies; 1,000 in 2.00 s
                latency     mean      min      p50      p90      p99    p99.9   p99.99      max
                          472 us   150 us   150 us   150 us  3.00 ms  3.00 ms  40.0 ms  40.0 ms

                < 200 us |#############################################     |  90.000 %
                < 500 us |                                                  |   0.000 %
                  < 1 ms |                                                  |   0.000 %
                  < 2 ms |                                                  |   0.000 %
                  < 5 ms |#####                                             |   9.900 %
                 < 10 ms |                                                  |   0.000 %
                 < 20 ms |                                                  |   0.000 %
                 < 50 ms |#                                                 |   0.100 %
                this tool's ceiling here: 4,000 requests/s; this was 13 % of it
                """);
        assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(report(OptionalDouble.of(4_000)).warnings()).isEmpty();
    }

    @Test
    void printsOneJsonObject() {
        recordThousand();
        assertThat(report(OptionalDouble.of(4_000)).json())
                .isEqualTo("{\"target\":\"localhost:6379\",\"request\":\"GET \\\"a\\\",b\",\"connections\":50,"
                        + "\"pipeline\":16,\"threads\":1,\"rate\":0,\"seconds\":2.000,\"requests\":1000,"
                        + "\"requests_per_second\":500.0,\"bytes_per_reply\":3.0,\"mean_us\":471.9,\"min_us\":149.9,"
                        + "\"p50_us\":150.0,\"p90_us\":150.0,\"p99_us\":3000.3,\"p99_9_us\":3000.3,\"p99_99_us\":40009.7,"
                        + "\"max_us\":40009.7,\"errors\":0,\"unanswered\":0,\"unasked\":0,\"connections_lost\":0,"
                        + "\"ceiling_per_second\":4000.0}\n");
    }

    @Test
    void printsTheSameAsCsvOfTwoLines() {
        recordThousand();
        List<String> lines = report(OptionalDouble.empty()).csv().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .startsWith("target,request,connections,pipeline,")
                .endsWith(",ceiling_per_second");
        assertThat(lines.get(1))
                .startsWith("localhost:6379,\"GET \"\"a\"\",b\",50,16,1,0,2.000,1000,500.0,")
                .endsWith(",0.0");
    }

    @Test
    void warnsNearTheToolsOwnCeiling() {
        recordThousand();
        assertThat(report(OptionalDouble.of(626)).warnings()).isEmpty();
        assertThat(report(OptionalDouble.of(624)).warnings())
                .hasSize(1)
                .first()
                .asString()
                .contains("ceiling");
    }

    @Test
    void warnsInOneLineEachOfWhatWentWrong() {
        recordThousand();
        byte[] error = {'-', 'E', 'R', 'R'};
        assertThat(tally.errors.take(error, error.length)).isTrue();
        tally.lost("Connection reset");
        tally.surplus = 5;
        tally.loseRequests(16);
        tally.recordUnanswered(MILLISECOND, 7);
        Report report = report(OptionalDouble.empty());
        assertThat(report.result().isClean()).isFalse();
        assertThat(report.warnings())
                .containsExactly(
                        "1 replies are errors; the first, perhaps in the warm-up: -ERR",
                        "1 of 50 connections were lost; the first: Connection reset; 16 requests got no reply because of that",
                        "5 replies answer no request: are --lines 1 and --greeting right?",
                        "7 requests had no reply 1 s after the end of the measurement; the time they waited counts as latency");
    }

    @Test
    void warnsIfNothingWasMeasured() {
        Report report = report(OptionalDouble.empty());
        assertThat(report.text(true)).contains("\n0 requests/s, ").doesNotContain("latency");
        assertThat(report.warnings()).containsExactly("ended before anything was measured");
        assertThat(report.result().isClean()).isFalse();
    }
}
