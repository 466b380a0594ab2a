package io.socketz.client.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.Server;
import io.socketz.protocol.address.HostPort;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ServerRecord;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServersReportTest {
    private static final UUID FIRST = UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a");
    private static final UUID SECOND = UUID.fromString("69bbfcac-1d0b-4b0d-8f4e-3a1f6f0a9c11");
    private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 1, 31, 14, 5, 0, 0, ZoneOffset.UTC);

    private static ServersReport report(UUID answered, Reply.Freshness freshness) {
        Server server = new Server(
                new HostPort("localhost", 4141),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4141),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 50814),
                answered);
        Instant since = Instant.parse("2026-01-31T12:00:00Z");
        // In the order in which they started, which is not that of their names.
        return new ServersReport(
                server,
                new Block.Servers(
                        List.of(
                                new ServerRecord(SECOND, "server02", "10.0.0.12:5151", 0, since),
                                new ServerRecord(FIRST, "server01", "10.0.0.11:5151", 17, since.plusSeconds(3600))),
                        1842),
                freshness);
    }

    private static List<String> lines(UUID answered, Reply.Freshness freshness) {
        return report(answered, freshness).lines(80, NOW);
    }

    @Test
    void serversAreSortedByNameAndUpIfTheOneThatAnswersIsFresh() {
        assertThat(lines(FIRST, new Reply.Fresh(1842)))
                .containsExactly(
                        "name      id        addr            state  clients  age   since",
                        "server01  08483048  10.0.0.11:5151  up     17       1h5m  13:00:00",
                        "server02  69bbfcac  10.0.0.12:5151  up     0        2h5m  12:00:00",
                        "answered by server01 (08483048) at revision 1842; it counts this connection");
    }

    @Test
    void aServerWithoutEtcdSaysSoOfItselfAndKnowsNothingOfOthers() {
        assertThat(lines(SECOND, new Reply.Stale(Duration.ofMillis(17_900), 1842)))
                .contains(
                        "server01  08483048  10.0.0.11:5151  unknown                     17       1h5m",
                        "server02  69bbfcac  10.0.0.12:5151  degraded: no etcd for 17 s  0        2h5m")
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void aSlowAnswerOfEtcdIsNoAbsence() {
        assertThat(lines(FIRST, new Reply.Stale(Duration.ofMillis(1_900), 1842)).get(1))
                .contains(" up ");
    }

    @Test
    void aServerThatIsNotOnItsOwnListIsNamedByItsId() {
        UUID other = UUID.fromString("3c674149-0000-4000-8000-000000000000");
        assertThat(lines(other, new Reply.Fresh(1842))).last().asString().startsWith("answered by 3c674149 at ");
    }

    @ParameterizedTest
    @CsvSource({"0, 0s", "59, 59s", "60, 1m0s", "3599, 59m59s", "3600, 1h0m", "86399, 23h59m", "90000, 1d1h", "-5, 0s"})
    void agesAreBrief(long seconds, String text) {
        ServersReport report = new ServersReport(
                report(FIRST, new Reply.Fresh(1)).answered(),
                new Block.Servers(
                        List.of(new ServerRecord(
                                FIRST, "s", "a:1", 0, NOW.toInstant().minusSeconds(seconds))),
                        1),
                new Reply.Fresh(1));
        assertThat(report.lines(80, NOW).get(1)).contains(" 0        " + text + " ");
    }

    @Test
    void whatServersCallThemselvesCannotMoveTheCursor() {
        ServersReport report = new ServersReport(
                report(FIRST, new Reply.Fresh(1)).answered(),
                new Block.Servers(List.of(new ServerRecord(FIRST, "s\u001b[2J", "a:1", 0, NOW.toInstant())), 1),
                new Reply.Fresh(1));
        assertThat(report.lines(80, NOW)).noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void programsGetOneLine() {
        assertThat(report(SECOND, new Reply.Stale(Duration.ofMillis(17_900), 1842))
                        .json(NOW.toInstant()))
                .isEqualTo("{\"answered\":\"" + SECOND
                        + "\",\"addr\":\"127.0.0.1:4141\",\"revision\":1842,\"servers\":["
                        + "{\"id\":\"" + FIRST + "\",\"name\":\"server01\",\"addr\":\"10.0.0.11:5151\",\"clients\":17,"
                        + "\"since\":\"2026-01-31T13:00:00Z\",\"ageSeconds\":3900,\"state\":\"unknown\"},"
                        + "{\"id\":\"" + SECOND + "\",\"name\":\"server02\",\"addr\":\"10.0.0.12:5151\",\"clients\":0,"
                        + "\"since\":\"2026-01-31T12:00:00Z\",\"ageSeconds\":7500,\"state\":\"degraded\","
                        + "\"noEtcdSeconds\":17}]}");
    }
}
