package io.socketz.client.repl;

import static org.assertj.core.api.Assertions.assertThat;

import io.socketz.client.SocketzClient;
import io.socketz.protocol.reply.CommandRecord;
import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.CommandTable;
import io.socketz.server.CommandReply;
import io.socketz.server.SocketzServer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerCommandsTest {
    private static List<String> words(CommandTable table) {
        return table.rows().stream().map(CommandRow::words).toList();
    }

    private static SocketzClient connect(SocketzServer server) throws Exception {
        return SocketzClient.builder()
                .addresses("127.0.0.1:" + server.address().getPort())
                .connect();
    }

    @Test
    void commandsOfTheServersProgramAreCompletedAsBuiltInOnesAre() throws Exception {
        try (SocketzServer server = SocketzServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .command(
                                CommandRow.of("SAY text [LOUD]", "tells all others", ReplyType.LINE),
                                CommandReply.line("said"))
                        .start();
                SocketzClient client = connect(server)) {
            ServerCommands commands = new ServerCommands();
            assertThat(client.where().get()).isEqualTo(server.member().id());
            CommandTable table = commands.of(client, client.server());
            assertThat(words(table))
                    .endsWith("SAY")
                    .hasSize(BuiltInCommands.TABLE.rows().size() + 1);
            Hints hints = new Hints(table);
            assertThat(hints.candidates(List.of("S"), 0)).contains("SAY", "SERVERS");
            assertThat(hints.candidates(List.of("SAY", "x", "L"), 2)).contains("LOUD");
            assertThat(server.metrics().requests().commands()).containsEntry("HELP", 1L);
            assertThat(commands.of(client, client.server())).as("asked once").isSameAs(table);
        }
    }

    @Test
    void withoutAServerTheBuiltInOnesAreCompleted() throws Exception {
        try (SocketzServer server =
                        SocketzServer.builder().host("127.0.0.1").port(0).start();
                SocketzClient client = connect(server)) {
            assertThat(new ServerCommands().of(client, Optional.empty())).isSameAs(BuiltInCommands.TABLE);
        }
    }

    @Test
    void commandsThatThisClientCannotReadAreLeftOut() {
        List<CommandRecord> help = List.of(
                new CommandRecord("WHY", "another help"),
                new CommandRecord("dance", "in small letters"),
                new CommandRecord("NEXT", "of a newer server"),
                new CommandRecord("NEXT", "again"));
        assertThat(words(ServerCommands.table(help)))
                .endsWith("NEXT")
                .hasSize(BuiltInCommands.TABLE.rows().size() + 1);
    }
}
