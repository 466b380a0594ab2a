package io.socketz.client.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import java.time.Duration;
import java.util.List;
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
