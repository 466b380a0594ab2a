package io.socketz.client.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.DepartureRecord;
import io.socketz.protocol.reply.ReplyRecord;
import io.socketz.protocol.reply.ServerRecord;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RecordTableTest {
    private static final UUID SERVER = UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a");
    private static final Instant TODAY = Instant.parse("2026-01-31T12:00:00.123Z");
    private static final Instant EARLIER = Instant.parse("2026-01-30T23:30:00Z");
    private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-01-31T15:00:00+02:00[Europe/Helsinki]")
            .withZoneSameInstant(ZoneId.of("Europe/Helsinki"));

    private static ClientRecord client(int number, String address, Optional<String> via, String name) {
        return new ClientRecord(
                new ClientId(SERVER, number),
                address,
                via,
                "server01",
                TODAY,
                name.isEmpty() ? Optional.empty() : Optional.of(name));
    }

    private static List<String> lines(List<? extends ReplyRecord> records, int width, int mostRows, String own) {
        return new RecordTable(records, width, mostRows, own, NOW)
                .lines(line -> "<" + line + ">", UnaryOperator.identity(), "/plain shows all");
    }

    @Test
    void eachFieldIsAColumnAndIdsAndTimesAreBrief() {
        List<ClientRecord> records = List.of(
                client(9, "127.0.0.1:50814", Optional.empty(), ""),
                client(10, "127.0.0.1:1", Optional.empty(), "web-7"));
        assertThat(lines(records, 80, 100, "127.0.0.1:50814"))
                .containsExactly(
                        "id           addr                   server    since     name",
                        "<08483048/9   127.0.0.1:50814 (you)  server01  14:00:00>",
                        "08483048/10  127.0.0.1:1            server01  14:00:00  web-7");
    }

    @Test
    void timesOfOtherDaysHaveTheDay() {
        assertThat(lines(List.of(new ServerRecord(SERVER, "server01", "10.0.0.11:5151", 17, EARLIER)), 80, 100, ""))
                .containsExactly(
                        "id        name      addr            clients  since",
                        "08483048  server01  10.0.0.11:5151  17       01:30:00");
        assertThat(lines(
                        List.of(new ServerRecord(SERVER, "s", "a:1", 0, Instant.parse("2026-01-30T20:30:00Z"))),
                        80,
                        100,
                        ""))
                .last()
                .asString()
                .endsWith("  2026-01-30 22:30");
    }

    @Test
    void columnsAreLeftOutUntilTheRowsFitIntoTheWindow() {
        List<ClientRecord> records =
                List.of(client(17, "[2001:db8::1234]:50814", Optional.of("10.0.0.2:40022"), "the-name-of-a-client"));
        assertThat(lines(records, 200, 100, "")).hasSize(2).first().asString().contains("via", "since", "server");
        assertThat(lines(records, 80, 100, ""))
                .containsExactly(
                        "id           addr                    server    since     name",
                        "08483048/17  [2001:db8::1234]:50814  server01  14:00:00  the-name-of-a-client",
                        "no room for via; /plain shows all");
        assertThat(lines(records, 50, 100, ""))
                .containsExactly(
                        "id           addr                    name",
                        "08483048/17  [2001:db8::1234]:50814  the-name-o...",
                        "no room for via, since, server; /plain shows all");
        for (int width = 48; width < 120; width++) {
            int most = width;
            assertThat(lines(records, width, 100, "").subList(0, 2))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(most));
        }
        assertThat(lines(records, 1, 100, "")).hasSize(3);
    }

    @Test
    void theAddressOfAServerIsLeftOutRatherThanItsNumberOfClientsCut() {
        List<ServerRecord> records = List.of(new ServerRecord(SERVER, "server01", "10.0.0.11:5151", 25_002, TODAY));
        assertThat(lines(records, 43, 100, "").get(0)).isEqualTo("id        name      addr            clients");
        assertThat(lines(records, 42, 100, ""))
                .containsExactly(
                        "id        name      clients",
                        "08483048  server01  25002",
                        "no room for since, addr; /plain shows all");
    }

    @Test
    void departuresFitIntoAnUsualWindow() {
        DepartureRecord record = new DepartureRecord(
                new ClientId(SERVER, 17),
                "203.0.113.7:50814",
                "server01",
                TODAY,
                TODAY,
                "CLIENT_QUIT",
                Optional.empty());
        assertThat(lines(List.of(record), 80, 100, ""))
                .containsExactly(
                        "id           addr               server    since     left      reason",
                        "08483048/17  203.0.113.7:50814  server01  14:00:00  14:00:00  CLIENT_QUIT");
    }

    @Test
    void aListThatIsTooLongShowsItsEnd() {
        List<ClientRecord> records = List.of(
                client(1, "a:1", Optional.empty(), ""),
                client(2, "a:2", Optional.empty(), ""),
                client(3, "a:3", Optional.empty(), ""));
        assertThat(lines(records, 80, 1, ""))
                .containsExactly(
                        "... 2 more before these; /plain shows all",
                        "id          addr  server    since",
                        "08483048/3  a:3   server01  14:00:00");
        assertThat(lines(List.of(), 80, 1, "")).isEmpty();
    }

    @Test
    void nothingThatATerminalWouldObeyIsShown() {
        ServerRecord hostile = new ServerRecord(SERVER, "\u001b[2J\u202es", "a:1", 0, TODAY);
        assertThat(lines(List.of(hostile), 80, 100, ""))
                .last()
                .asString()
                .contains("?[2J?s")
                .doesNotContain("\u001b");
        assertThat(RecordTable.fields(hostile))
                .containsExactly(
                        "id          08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a",
                        "name        ?[2J?s",
                        "addr        a:1",
                        "clients     0",
                        "since       2026-01-31T12:00:00.123Z");
    }
}
