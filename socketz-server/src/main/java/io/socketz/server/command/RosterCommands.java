package io.socketz.server.command;

import io.socketz.protocol.reply.Block;
import io.socketz.protocol.reply.ClientCount;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Command;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Answers the commands that show the roster as records: {@code WHO COUNT}, {@code WHO LONG}, {@code WHO CLOSED}, {@code
 * SERVERS}. What goes through many clients runs on the query thread.
 */
final class RosterCommands {
    private final Registry registry;
    private final Executor queries;
    private final InstantSource clock;

    RosterCommands(Registry registry, Executor queries, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
        this.queries = queries;
    }

    void count(Command command, Requester requester) {
        requester.reply(registry.roster().thenApply(roster -> Replies.parts(new ClientCount(roster.size()))));
    }

    void servers(Command command, Requester requester) {
        requester.reply(registry.roster().thenApply(roster -> Replies.parts(servers(roster))));
    }

    private static Reply servers(Roster roster) {
        return new Block.Servers(
                roster.members().stream()
                        .map(member -> RecordView.record(
                                member, roster.clientsOf(member.id()).size()))
                        .toList(),
                roster.revision());
    }

    void list(Command command, Requester requester) {
        RosterQuery query = new RosterQuery(command.arguments());
        if (command.arguments().has("FRESH")) {
            requester.reply(registry.freshRoster()
                    .thenApplyAsync(
                            asked ->
                                    Replies.parts(answer(query, asked.roster(), Optional.of(Replies.freshness(asked)))),
                            queries));
        } else {
            requester.reply(registry.roster()
                    .thenApplyAsync(roster -> Replies.parts(answer(query, roster, Optional.empty())), queries));
        }
    }

    private static Reply answer(RosterQuery query, Roster roster, Optional<Reply.Freshness> freshness) {
        try {
            return Replies.clients(query.answer(roster), roster, freshness);
        } catch (RequestRefusedException e) {
            return e.reply();
        }
    }

    void closed(Command command, Requester requester) {
        long earliest = command.arguments()
                .time("LAST")
                .map(time -> clock.millis() - time.toMillis())
                .orElse(Long.MIN_VALUE);
        requester.reply(registry.roster().thenApplyAsync(roster -> Replies.parts(closed(roster, earliest)), queries));
    }

    private static Reply closed(Roster roster, long earliest) {
        RecordView view = new RecordView(roster);
        return new Block.Departures(
                roster.departures().stream()
                        .filter(departure -> departure.at() >= earliest)
                        .map(view::record)
                        .toList(),
                roster.revision());
    }
}
