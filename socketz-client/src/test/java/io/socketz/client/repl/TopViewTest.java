package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.ServerRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@code /top} shows of a state, and how the state follows events. */
class TopViewTest {
    private static final Instant TIME = Instant.parse("2026-01-31T12:00:00Z");
    private static final ZonedDateTime NOW = TIME.plusSeconds(5).atZone(ZoneOffset.UTC);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final ClusterState state = new ClusterState(0);

    private static UUID id(int server) {
        return new UUID(((long) server << 32) + 0x4b6e, 0x9d6e_0000_0000_0000L);
    }

    private static ServerRecord server(int number, String name) {
        return new ServerRecord(id(number), name, "10.0.0." + number + ":5151", 7, TIME.minusSeconds(60));
    }

    private static ClientRecord client(int server, int number) {
        return new ClientRecord(
                new ClientId(id(server), number),
                "203.0.113.7:" + number,
                Optional.empty(),
                "server0" + server,
                TIME.plusSeconds(number),
                Optional.of("web-" + number));
    }

    private List<String> lines(int columns, int rows) {
        List<String> lines = TopView.lines(
                "08483048: /top every 1s", "", state.picture(5 * SECOND), new Inks(false), NOW, columns, rows);
        assertThat(lines).hasSizeLessThanOrEqualTo(rows);
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(columns));
        return lines;
    }

    /** Two servers and three clients, of which one has left. */
    private void follow() {
        state.onState(List.of(client(1, 1), client(2, 2)), 1841, 0);
        state.onServers(List.of(server(2, "server02"), server(1, "server01")));
        state.onEvent(new Event.Join(1842, client(2, 3)), TIME.plusSeconds(3), 3 * SECOND);
        state.onEvent(new Event.Leave(1843, client(1, 1), "CLIENT_QUIT"), TIME.plusSeconds(4), 4 * SECOND);
        state.onEvent(new Event.Now(1843, Duration.ofMillis(300)), TIME.plusSeconds(5), 5 * SECOND);
    }

    @Test
    void showsTheClusterItsServersAndWhatHasHappenedLast() {
        follow();
        assertThat(lines(79, 24))
                .containsExactly(
                        "08483048: /top every 1s",
                        "servers 2   clients 2   joins 0.2/s   leaves 0.2/s   revision 1843, 0.3 s old",
                        "",
                        "id        name      addr           clients  since",
                        "00000001  server01  10.0.0.1:5151  0        11:59:00",
                        "00000002  server02  10.0.0.2:5151  2        11:59:00",
                        "",
                        "latest events",
                        "12:00:04  - 203.0.113.7:1 web-1 left server01: CLIENT_QUIT",
                        "12:00:03  + 203.0.113.7:3 web-3 joined server02",
                        "12:00:02  + 203.0.113.7:2 web-2 joined server02",
                        "12:00:01  + 203.0.113.7:1 web-1 joined server01");
    }

    @Test
    void aServerThatIsLostTakesItsClientsAlong() {
        follow();
        state.onEvent(new Event.ServerUp(1844, server(3, "server03")), TIME, 4 * SECOND);
        state.onEvent(new Event.ServerDown(1845, server(2, "server02"), "SERVER_LOST"), TIME, 4 * SECOND);
        ClusterState.Picture picture = state.picture(5 * SECOND);
        assertThat(picture.servers())
                .extracting(ServerRecord::name, ServerRecord::clients)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("server01", 0L),
                        org.assertj.core.groups.Tuple.tuple("server03", 0L));
        assertThat(picture.clients()).isZero();
        assertThat(picture.leaves()).isEqualTo(3 / 5.0);
        assertThat(picture.revision()).isEqualTo(1845);
        assertThat(picture.age()).isEqualTo(Duration.ofSeconds(1));
        assertThat(picture.happenings().get(0).line())
                .isEqualTo("- server server02 is down with 7 clients: SERVER_LOST");
    }

    @Test
    void aNewStateReplacesWhatWasKnown() {
        follow();
        state.onState(List.of(client(1, 9)), 1900, 5 * SECOND);
        ClusterState.Picture picture = state.picture(5 * SECOND);
        assertThat(picture.clients()).isEqualTo(1);
        assertThat(picture.servers()).extracting(ServerRecord::clients).containsExactly(1L, 0L);
        assertThat(picture.happenings()).hasSize(1);
    }

    @Test
    void fitsEachWindow() {
        List<ServerRecord> servers = new ArrayList<>();
        List<ClientRecord> clients = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            servers.add(server(i, String.format("server%02d", i)));
            clients.add(client(1, i));
        }
        state.onState(clients, 1, 0);
        state.onServers(servers);
        for (int columns = 10; columns < 200; columns += 7) {
            for (int rows = 1; rows < 120; rows++) {
                if (columns >= 45) {
                    lines(columns, rows);
                } else { // a row of the table is wider then, and the screen cuts it
                    assertThat(TopView.lines(
                                    "t", "x".repeat(50), state.picture(0), new Inks(false), NOW, columns, rows))
                            .hasSizeLessThanOrEqualTo(rows);
                }
            }
        }
        assertThat(lines(79, 24))
                .contains("... 43 more before these; SERVERS shows all")
                .anyMatch(line -> line.contains("server50"))
                .anyMatch(line -> line.contains("203.0.113.7:50 "))
                .hasSize(24);
        assertThat(lines(79, 200)).anyMatch(line -> line.contains("server01 "));
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(TopView.lines("t", "connection lost", state.picture(0), new Inks(false), NOW, 79, 24))
                .startsWith(
                        "t",
                        "connection lost",
                        "servers 0   clients 0   joins 0.0/s   leaves 0.0/s   revision 0, 0.0 s old");
    }
}
