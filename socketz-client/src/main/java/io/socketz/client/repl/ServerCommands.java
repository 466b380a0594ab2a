package io.socketz.client.repl;

import io.socketz.client.Server;
import io.socketz.client.SocketzClient;
import io.socketz.protocol.reply.CommandRecord;
import io.socketz.protocol.reply.ReplyType;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.CommandRow;
import io.socketz.protocol.request.CommandTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The commands that the server understands, its program's own among them, for completion. A server is asked once, by {@code
 * HELP}, and only when a person presses Tab. Owned by the thread that reads the lines.
 */
final class ServerCommands {
    /** Someone waits for the list to appear. */
    private static final long PATIENCE_MILLIS = 300;

    private Optional<Server> asked = Optional.empty();
    private CommandTable known = BuiltInCommands.TABLE;

    /** Those of {@code server}; those that every server has, if it does not answer soon. */
    CommandTable of(SocketzClient client, Optional<Server> server) {
        if (server.isPresent() && !server.equals(asked)) {
            try {
                known = table(client.help().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
                asked = server;
            } catch (ExecutionException | TimeoutException e) {
                known = BuiltInCommands.TABLE;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return known;
    }

    /** The built-in commands and those of {@code help} that are none; one that this client cannot read is left out. */
    static CommandTable table(List<CommandRecord> help) {
        Set<String> builtIn =
                BuiltInCommands.TABLE.rows().stream().map(CommandRow::words).collect(Collectors.toSet());
        return BuiltInCommands.TABLE.with(help.stream()
                .flatMap(record -> row(record).stream())
                .filter(row -> builtIn.add(row.words()))
                .toList());
    }

    private static Optional<CommandRow> row(CommandRecord record) {
        try {
            return Optional.of(CommandRow.of(record.syntax(), record.help(), ReplyType.LINE));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
