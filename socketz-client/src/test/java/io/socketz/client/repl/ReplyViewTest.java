package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.protocol.name.ClientId;
import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientRecord;
import io.socketz.protocol.reply.CommandRecord;
import io.socketz.protocol.reply.LineRecord;
import io.socketz.protocol.reply.Reply;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How replies of several lines look at the prompt, without colours. */
class ReplyViewTest {
    private static final ClientRecord CLIENT = new ClientRecord(
            new ClientId(UUID.fromString("08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a"), 17),
            "127.0.0.1:50814",
            Optional.empty(),
            "server01",
            Instant.parse("2026-01-31T12:00:00Z"),
            Optional.empty());

    private static List<String> lines(boolean plain, Reply reply) {
        return new ReplyView(new Inks(false), plain).lines(List.of(reply), 80, 100, "127.0.0.1:50814");
    }

    @Test
    void clientsAreATableAndThenTheSummary() {
        List<String> lines = lines(false, new Block.Clients(List.of(CLIENT), 75_005, 7, Optional.empty()));
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).startsWith("id           addr                   server    since");
        assertThat(lines.get(1)).startsWith("08483048/17  127.0.0.1:50814 (you)  server01  ");
        assertThat(lines.get(2)).isEqualTo("1 clients of 75005 at revision 7");
        assertThat(lines(false, new Block.Clients(List.of(), 3, 7, Optional.empty())))
                .containsExactly("0 clients of 3 at revision 7");
    }

    @Test
    void oneClientIsALineForEachField() {
        assertThat(lines(false, CLIENT))
                .containsExactly(
                        "id          08483048-5a1c-4b6e-9d6e-0d9b0d6c1f2a/17",
                        "addr        127.0.0.1:50814",
                        "server      server01",
                        "since       2026-01-31T12:00:00Z");
    }

    @Test
    void commandsAreShownAsHelpIs() {
        assertThat(lines(
                        false,
                        new Block.Commands(List.of(
                                new CommandRecord("WHO", "all clients"),
                                new CommandRecord(
                                        "WHO LONG [FRESH] [SERVER s] [ADDR cidr] [NAME glob] [LIMIT n] [AFTER id]",
                                        "all that is known about the clients")))))
                .containsExactly(
                        "WHO            all clients",
                        "WHO LONG [FRESH] [SERVER s] [ADDR cidr] [NAME glob] [LIMIT n] [AFTER id]",
                        "               all that is known about the clients");
    }

    @Test
    void anyOtherBlockAndEverythingThatIsPlainIsShownAsItCame() {
        assertThat(lines(false, new Block.Lines("things", List.of(new LineRecord("a\u202e")))))
                .containsExactly("1 things", "a?");
        assertThat(lines(true, new Block.Clients(List.of(CLIENT), 75_005, 7, Optional.empty())))
                .containsExactly("1 clients of 75005 at revision 7", CLIENT.line());
        assertThat(lines(true, CLIENT)).containsExactly(CLIENT.line());
    }
}
