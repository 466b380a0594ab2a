package io.socketz.server.command;

import io.socketz.protocol.name.ClientReference;
import io.socketz.protocol.reply.Kicked;
import io.socketz.protocol.reply.Reply;
import io.socketz.protocol.request.Command;
import io.socketz.protocol.request.CommandArguments;
import io.socketz.state.Client;
import io.socketz.state.KickRequests;
import io.socketz.state.KickResult;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code KICK}. It looks at a fresh roster: so it finds everyone who was greeted anywhere before it was sent. The
 * search runs on the query thread.
 */
final class KickCommands {
    /** How many clients one command disconnects: each is a key in the store. */
    static final int MAX_CLIENTS = 10_000;

    /** How many ids an error names. */
    private static final int MAX_NAMED_CLIENTS = 5;

    private static final String UNKNOWN = "expected the id of a client that is connected";

    private final Registry registry;
    private final Executor queries;

    KickCommands(Registry registry, Executor queries) {
        this.registry = registry;
        this.queries = queries;
    }

    /** {@code KICK id [reason]}. */
    void one(Command command, Requester requester) {
        CommandArguments arguments = command.arguments();
        ClientReference reference = arguments.client("id").orElseThrow();
        String reason = arguments.value("reason").orElse("");
        requester.reply(search(roster -> {
            try {
                List<Client> meant = ClientLookup.connected(reference, roster);
                return kick(List.of(ClientLookup.only(meant, UNKNOWN)), reason);
            } catch (RequestRefusedException e) {
                return answer(e.reply());
            }
        }));
    }

    /** {@code KICK ADDR cidr [DRYRUN]} and {@code KICK NAME glob [DRYRUN]}. */
    void many(Command command, Requester requester) {
        CommandArguments arguments = command.arguments();
        ClientFilter filter = new ClientFilter(arguments.cidr("cidr"), arguments.glob("glob"));
        boolean dryRun = arguments.has("DRYRUN");
        Client self = requester.client();
        requester.reply(search(roster -> {
            List<Client> found = find(filter, self, roster);
            if (found.size() > MAX_CLIENTS) {
                return answer(new Reply.Failure(
                        "TOO_MANY_CLIENTS",
                        "expected at most " + MAX_CLIENTS + " clients, but more match: narrow it down"));
            }
            return dryRun ? answer(Replies.clients(found, roster, Optional.empty())) : kick(found, "");
        }));
    }

    private CompletableFuture<byte[][]> search(Function<Roster, CompletableFuture<byte[][]>> then) {
        return registry.freshRoster().thenComposeAsync(asked -> then.apply(asked.roster()), queries);
    }

    /** @param self whoever asks, who is never meant; null if that is nobody on the roster */
    private static List<Client> find(ClientFilter filter, @Nullable Client self, Roster roster) {
        List<Client> found = new ArrayList<>();
        for (Client client : roster.clients()) {
            boolean isSelf = self != null && client.id().equals(self.id());
            if (!isSelf && filter.admits(client) && found.size() <= MAX_CLIENTS) {
                found.add(client);
            }
        }
        return found;
    }

    private CompletableFuture<byte[][]> kick(List<Client> clients, String reason) {
        return registry.kick(clients, reason).thenApply(result -> Replies.parts(reply(result)));
    }

    private static Reply reply(KickResult result) {
        int left = result.left().size();
        if (left == 0) {
            return new Kicked(result.gone(), result.revision());
        }
        String ids =
                result.left().stream().limit(MAX_NAMED_CLIENTS).map(Client::id).collect(Collectors.joining(", "));
        return new Reply.Failure(
                "KICK_TIMEOUT",
                "expected all to be gone within " + KickRequests.PATIENCE.toSeconds() + " s; " + left + " of "
                        + (left + result.gone()) + " are still there: " + ids
                        + (left > MAX_NAMED_CLIENTS ? ", ..." : ""));
    }

    private static CompletableFuture<byte[][]> answer(Reply reply) {
        return CompletableFuture.completedFuture(Replies.parts(reply));
    }
}
