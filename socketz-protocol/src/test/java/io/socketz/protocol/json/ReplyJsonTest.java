package io.socketz.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.reply.AuditRecord;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientCount;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.CommandRecord;
import io.socketz.protocol.reply.Event;
import io.socketz.protocol.reply.Kicked;
import io.socketz.protocol.reply.LineRecord;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.reply.ServerRecord;
import io.socketz.protocol.request.BuiltInCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReplyJsonTest {
    @Test
    void showsEachKindOfReply() {
        UUID id = UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a");
        Reply list = new Reply.ClientList(List.of("127.0.0.1:50814", "[2001:db8::1]:50812"));
        assertThat(ReplyJson.line("WHY", List.of(new Reply.Answer()))).isEqualTo("{\"command\":\"WHY\",\"answer\":42}");
        assertThat(ReplyJson.line("WHERE", List.of(new Reply.ServerId(id))))
                .isEqualTo("{\"command\":\"WHERE\",\"id\":\"08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a\"}");
        assertThat(ReplyJson.line("WHO", List.of(list)))
                .isEqualTo(
                        "{\"command\":\"WHO\",\"clients\":[\"127.0.0.1:50814\",\"[2001:db8::1]:50812\"],\"count\":2}");
        assertThat(ReplyJson.line("WHO FRESH", List.of(new Reply.ClientList(List.of()), new Reply.Fresh(1842))))
                .isEqualTo("{\"command\":\"WHO FRESH\",\"clients\":[],\"count\":0,\"fresh\":true,\"revision\":1842}");
        assertThat(ReplyJson.line("WHO FRESH", List.of(new Reply.Stale(Duration.ofMillis(12_300), 7))))
                .isEqualTo("{\"command\":\"WHO FRESH\",\"fresh\":false,\"age\":12.3,\"revision\":7}");
        assertThat(ReplyJson.line("x", List.of(new Reply.InvalidCommand(BuiltInCommands.TABLE.usage()))))
                .isEqualTo("{\"command\":\"x\",\"error\":\"INVALID_COMMAND\","
                        + "\"message\":\"use 'WHY', 'WHO', 'WHERE', 'QUIT'\"}");
        assertThat(ReplyJson.line("PING x", List.of(new Reply.Line("PONG x"))))
                .isEqualTo("{\"command\":\"PING x\",\"line\":\"PONG x\"}");
        assertThat(ReplyJson.line("x", List.of(Reply.Failure.lineTooLong(1024))))
                .isEqualTo("{\"command\":\"x\",\"error\":\"LINE_TOO_LONG\",\"message\":\"max 1024 bytes\"}");
    }

    @Test
    void aBlockIsAListOfObjects() {
        UUID id = UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a");
        Instant since = Instant.parse("2026-01-31T12:00:00.123Z");
        ClientRecord client =
                new ClientRecord(new ClientId(id, 17), "[::1]:1", Optional.empty(), "s1", since, Optional.of("web-7"));
        String fields = "\"id\":\"08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/17\",\"addr\":\"[::1]:1\",\"server\":\"s1\","
                + "\"since\":\"2026-01-31T12:00:00.123Z\",\"name\":\"web-7\"}";
        assertThat(ReplyJson.line("WHOAMI", List.of(client))).isEqualTo("{\"command\":\"WHOAMI\"," + fields);
        assertThat(ReplyJson.line(
                        "WHO LONG",
                        List.of(new Block.Clients(
                                List.of(client, client), 75_005, 1_842, Optional.of(new Reply.Fresh(1_842))))))
                .isEqualTo("{\"command\":\"WHO LONG\",\"clients\":[{" + fields + ",{" + fields
                        + "],\"total\":75005,\"fresh\":true,\"revision\":1842}");
        assertThat(ReplyJson.line("WHO LONG", List.of(new Block.Clients(List.of(), 3, 7, Optional.empty()))))
                .isEqualTo("{\"command\":\"WHO LONG\",\"clients\":[],\"total\":3,\"revision\":7}");
        assertThat(ReplyJson.line(
                        "SERVERS",
                        List.of(new Block.Servers(List.of(new ServerRecord(id, "s1", "[::1]:2", 3, since)), 7))))
                .isEqualTo("{\"command\":\"SERVERS\",\"servers\":[{\"id\":\"08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a\","
                        + "\"name\":\"s1\",\"addr\":\"[::1]:2\",\"clients\":3,"
                        + "\"since\":\"2026-01-31T12:00:00.123Z\"}],\"revision\":7}");
        assertThat(ReplyJson.line("HELP", List.of(new Block.Commands(List.of(new CommandRecord("WHY", "why"))))))
                .isEqualTo("{\"command\":\"HELP\",\"commands\":[{\"syntax\":\"WHY\",\"help\":\"why\"}]}");
        assertThat(ReplyJson.line("X", List.of(new Block.Lines("things", List.of(new LineRecord("a"))))))
                .isEqualTo("{\"command\":\"X\",\"title\":\"things\",\"lines\":[\"a\"]}");
        assertThat(ReplyJson.line("AUDIT", List.of(new AuditRecord(0, 0, 3, 1, 75_000, 1_842, "server01"))))
                .isEqualTo("{\"command\":\"AUDIT\",\"missing\":0,\"ghosts\":0,\"repaired\":3,\"pending\":1,"
                        + "\"clients\":75000,\"revision\":1842,\"server\":\"server01\"}");
        assertThat(ReplyJson.line("WHO COUNT", List.of(new ClientCount(3))))
                .isEqualTo("{\"command\":\"WHO COUNT\",\"count\":3}");
        assertThat(ReplyJson.line("KICK", List.of(new Kicked(3, 1_842))))
                .isEqualTo("{\"command\":\"KICK\",\"kicked\":3,\"revision\":1842}");
    }

    @Test
    void anEventIsAnObjectWithoutACommand() {
        assertThat(ReplyJson.line(new Event.Now(1_850, Duration.ofMillis(400))))
                .isEqualTo("{\"revision\":1850,\"event\":\"now\",\"age\":0.4}");
        assertThat(ReplyJson.line(new Event.Message("say \"hello\"")))
                .isEqualTo("{\"revision\":0,\"event\":\"message\",\"text\":\"say \\\"hello\\\"\"}");
    }

    @Test
    void anAgeOfAnyLengthIsSecondsToATenth() {
        assertThat(ReplyJson.line("x", List.of(new Reply.Stale(Duration.ofSeconds(Long.MAX_VALUE), 1))))
                .contains("\"age\":9223372036854775807.0,");
        assertThat(ReplyJson.line("x", List.of(new Reply.Stale(Duration.ofMillis(1), 1))))
                .contains("\"age\":0.1,");
    }

    @Test
    void escapesAllButPrintableAscii() {
        assertThat(ReplyJson.line("a\"b\\c\u001b[2J\n\u00e9\ud83d\ude00", List.of(new Reply.Answer())))
                .isEqualTo("{\"command\":\"a\\\"b\\\\c\\u001b[2J\\u000a\\u00e9\\ud83d\\ude00\",\"answer\":42}");
    }
}
