package io.socketz.client.repl;

import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.BuiltInCommands;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandArguments;
import io.socketz.protocol.request.Request;
import java.util.List;
import java.util.Optional;

/** What to type for the page after one that is full. Pure. */
final class NextPage {
    private static final long DEFAULT_LIMIT = 1_000;
    private static final List<String> ARGUMENTS = List.of("FRESH", "SERVER", "ADDR", "NAME", "LIMIT");

    private NextPage() {}

    /** The line that asks for what follows {@code replies}, the answer to {@code request}; empty if that was all. */
    static Optional<String> of(Request request, List<Reply> replies) {
        if (!request.asksFor(BuiltInCommands.WHO_LONG)
                || replies.isEmpty()
                || !(replies.get(0) instanceof Block.Clients page)) {
            return Optional.empty();
        }
        CommandArguments arguments = ((Command) request).arguments();
        int count = page.records().size();
        if (count == page.total() || count < arguments.number("LIMIT").orElse(DEFAULT_LIMIT)) {
            return Optional.empty();
        }
        StringBuilder line = new StringBuilder(BuiltInCommands.WHO_LONG.words());
        for (String name : ARGUMENTS) {
            arguments
                    .value(name)
                    .ifPresent(value -> line.append(' ').append(name).append(value.isEmpty() ? "" : " " + value));
        }
        return Optional.of(line + " AFTER " + page.records().get(count - 1).id().brief());
    }
}
