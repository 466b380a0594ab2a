package io.socketz.server;

import io.socketz.protocol.reply.Reply;
import io.socketz.state.Client;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.concurrent.CompletableFuture;

/**
 * The answer to {@code WHO}, made once for each roster however many ask, on the state thread: a list of a million takes
 * a while. Everyone gets the same bytes.
 */
final class WhoText {
    private record Rendered(Roster roster, CompletableFuture<byte[]> text) {
        Rendered(Roster roster) {
            this(roster, CompletableFuture.completedFuture(format(roster.clients())));
        }
    }

    private final Registry registry;
    private final StateThread state;

    /** Written by the state thread. */
    private volatile Rendered last = new Rendered(Roster.of(0, List.of()));

    WhoText(Registry registry, StateThread state) {
        this.registry = registry;
        this.state = state;
    }

    /** The answer as of now: completed already while the roster stays as it is. From any thread. */
    CompletableFuture<byte[]> get() {
        CompletableFuture<Roster> roster = registry.roster();
        if (roster.isDone() && !roster.isCompletedExceptionally()) {
            Rendered rendered = last;
            if (rendered.roster.clients() == roster.join().clients()) {
                return rendered.text;
            }
        }
        return roster.thenApplyAsync(this::onRoster, state);
    }

    private byte[] onRoster(Roster roster) {
        // An older one may come late, from a loop that was held up between asking and getting here.
        if (last.roster.clients() != roster.clients() && last.roster.version() <= roster.version()) {
            last = new Rendered(roster);
        }
        return last.text.join();
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
