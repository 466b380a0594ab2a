package io.socketz.server.audit;

import io.socketz.server.session.Sessions;
import io.socketz.state.AuditResult.Difference;
import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Compares this server's connections with its clients on the roster, and repairs what differs. It disturbs no event loop:
 * a client that is coming or going is told from one that differs by the order of things, not by a lock.
 *
 * <ul>
 *   <li>A session is added to {@link Sessions} after its client has joined, and is removed before its client leaves. So one
 *       that is there before a roster is asked for, and still is when the roster has come, is on that roster; otherwise its
 *       client is missing.
 *   <li>Whoever is on a roster without a session may be coming or going, which one event of a loop does. After each loop has
 *       ended an event, whoever was coming has a session. Who has none then may have come and gone meanwhile: after each loop
 *       has ended another event, that is over, and who is on a roster that was asked for then is a ghost.
 * </ul>
 */
final class SocketComparison {
    private final Registry registry;
    private final Sessions sessions;
    private final Executor queries;
    private final UUID self;

    /** @param queries runs what goes through many clients */
    SocketComparison(Registry registry, Sessions sessions, Executor queries) {
        this.registry = registry;
        this.sessions = sessions;
        this.queries = queries;
        this.self = registry.self().id();
    }

    /** Compares; what was wrong is right, or about to be, when the future completes. */
    CompletableFuture<Difference> run() {
        return CompletableFuture.supplyAsync(sessions::numbers, queries)
                .thenCompose(
                        numbers -> registry.roster().thenComposeAsync(roster -> compare(numbers, roster), queries));
    }

    private CompletableFuture<Difference> compare(List<Long> numbers, Roster roster) {
        int missing = 0;
        for (long number : numbers) {
            if (roster.find(self, number) == null && sessions.joinAgain(number)) {
                missing++;
            }
        }
        Difference found = new Difference(missing, 0);
        List<Client> suspects = withoutSession(roster.clientsOf(self));
        if (missing == 0 && suspects.isEmpty()) {
            return CompletableFuture.completedFuture(found);
        }
        return sessions.afterEvents()
                .thenApplyAsync(nothing -> withoutSession(suspects), queries)
                .thenCompose(this::removeGhosts)
                .thenApply(ghosts -> found.plus(new Difference(0, ghosts)));
    }

    /** Removes those of {@code suspects} who are not about to go; returns how many. */
    private CompletableFuture<Integer> removeGhosts(List<Client> suspects) {
        return suspects.isEmpty()
                ? CompletableFuture.completedFuture(0)
                : sessions.afterEvents()
                        .thenCompose(nothing -> registry.roster())
                        .thenApplyAsync(later -> removeGhosts(suspects, later), queries);
    }

    private List<Client> withoutSession(List<Client> clients) {
        List<Client> without = new ArrayList<>();
        for (Client client : clients) {
            if (!sessions.contains(client.number())) {
                without.add(client);
            }
        }
        return without;
    }

    private int removeGhosts(List<Client> suspects, Roster later) {
        int ghosts = 0;
        for (Client client : suspects) {
            if (later.find(self, client.number()) != null) {
                registry.leave(client, Departure.UNKNOWN);
                ghosts++;
            }
        }
        return ghosts;
    }
}
