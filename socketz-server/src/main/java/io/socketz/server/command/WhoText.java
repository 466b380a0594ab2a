package io.socketz.server.command;

import io.socketz.protocol.reply.Reply;
import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.CompletableFuture;

/**
 * The answers to {@code WHO} and {@code WHO FRESH}. The list is made once for each roster, however many ask and with
 * whichever of the two, and on the state thread: a million clients take a while. Everyone gets the same bytes, and who
 * wants to know how fresh they are, a second part.
 */
public final class WhoText {
    private record Rendered(Roster roster, CompletableFuture<byte[][]> text) {
        Rendered(Roster roster) {
            this(roster, CompletableFuture.completedFuture(new byte[][] {format(roster.clients())}));
        }
    }

    private final Registry registry;
    private final StateThread state;

    /** Written by the state thread. */
    private volatile Rendered last = new Rendered(Roster.of(0, List.of()));

    public WhoText(Registry registry, StateThread state) {
        this.registry = registry;
        this.state = state;
    }

    /** The answer to {@code WHO} as of now: completed already while the roster stays as it is. From any thread. */
    public CompletableFuture<byte[][]> get() {
        CompletableFuture<Roster> roster = registry.roster();
        if (roster.isDone() && !roster.isCompletedExceptionally()) {
            Rendered rendered = last;
            if (rendered.roster.clients() == roster.join().clients()) {
                return rendered.text;
            }
        }
        return roster.thenApplyAsync(asked -> onRoster(asked).text.join(), state);
    }

    /** The answer to {@code WHO FRESH}, when the registry has it. From any thread. */
    public CompletableFuture<byte[][]> getFresh() {
        return registry.freshRoster().thenApplyAsync(this::onFreshRoster, state);
    }

    private Rendered onRoster(Roster roster) {
        // An older one may come late, from a loop that was held up between asking and getting here.
        if (last.roster.clients() != roster.clients() && last.roster.version() <= roster.version()) {
            last = new Rendered(roster);
        }
        return last;
    }

    private byte[][] onFreshRoster(FreshRoster asked) {
        Rendered rendered = onRoster(asked.roster());
        // What is said of the list is said of the one that is shown. A newer one than asked for is no less fresh.
        boolean newer = rendered.roster.version() > asked.roster().version();
        long revision = (newer ? rendered.roster : asked.roster()).revision();
        Reply freshness = asked.fresh() ? new Reply.Fresh(revision) : new Reply.Stale(asked.age(), revision);
        return new byte[][] {rendered.text.join()[0], freshness.toBytes()};
    }

    private static byte[] format(List<Client> clients) {
        return new Reply.ClientList(new Addresses(clients)).toBytes();
    }

    /** The addresses in a list of clients, without a list of their own. */
    private static final class Addresses extends AbstractList<String> implements RandomAccess {
        private final List<Client> clients;

        Addresses(List<Client> clients) {
            this.clients = clients;
        }

        @Override
        public String get(int index) {
            return clients.get(index).address();
        }

        @Override
        public int size() {
            return clients.size();
        }
    }
}
