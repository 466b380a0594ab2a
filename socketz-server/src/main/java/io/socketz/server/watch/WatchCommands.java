package io.socketz.server.watch;

import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandArguments;
import io.socketz.protocol.request.CommandRow;
import io.socketz.server.command.ClientFilter;
import io.socketz.server.command.CommandHandler;
import io.socketz.server.command.Requester;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Answers {@code WATCH} and {@code UNWATCH}. */
public final class WatchCommands {
    private static final byte[] ALREADY_WATCHING =
            new Reply.Failure("ALREADY_WATCHING", "expected UNWATCH before another WATCH").toBytes();
    private static final byte[] NOT_WATCHING =
            new Reply.Failure("NOT_WATCHING", "expected WATCH before UNWATCH").toBytes();
    private static final byte[] ENDED = new Reply.Line("not watching").toBytes();

    private final WatchHub hub;

    /**
     * Answers for {@code hub}.
     *
     * @param hub tells those who watch
     */
    public WatchCommands(WatchHub hub) {
        this.hub = hub;
    }

    /** What answers which command. */
    public Map<CommandRow, CommandHandler> handlers() {
        return Map.of(BuiltInCommands.WATCH, this::watch, BuiltInCommands.UNWATCH, this::unwatch);
    }

    private void watch(Command command, Requester requester) {
        CommandArguments arguments = command.arguments();
        Watch watch = new Watch(requester.watcher(), arguments.server("SERVER"), ClientFilter.of(arguments));
        CompletableFuture<byte[][]> answer = new CompletableFuture<>();
        if (hub.isWatching(requester.watcher())) {
            requester.reply(ALREADY_WATCHING);
            return;
        }
        // Before it can be completed: so the answer is sent before the first event.
        requester.reply(answer);
        hub.begin(watch, arguments.number("SINCE"), answer);
    }

    private void unwatch(Command command, Requester requester) {
        requester.reply(hub.end(requester.watcher()) ? ENDED : NOT_WATCHING);
    }
}
