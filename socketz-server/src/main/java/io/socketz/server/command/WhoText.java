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
 * whichever of the two, and on the state thread: a million clients take a while. All get the same bytes; the answer to
 * {@code WHO FRESH} has a second part, which says how fresh they are.
 */
public final class WhoText {
    private record Rendered(Roster roster, CompletableFuture<byte[][]> text) {
        Rendered(Roster roster) {
            this(roster, CompletableFuture.completedFuture(new byte[][] {format(roster.clients())}));
        }
    }

    private final Registry registry;
    private final StateThread state;

    private static final Rendered NONE = new Rendered(Roster.of(0, List.of()));

    /** The last fresh one, if it was older than {@link #last} when it came. Owned by the state thread. */
    private Rendered lastHeld = NONE;

    /** Written by the state thread. */
    private volatile Rendered last = NONE;

    public WhoText(Registry registry, StateThread state) {
        this.registry = registry;
        this.state = state;
    }

    /** The answer to {@code WHO}; already complete while the roster does not change. From any thread. */
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
            lastHeld = NONE;
        }
        return last;
    }

    private byte[][] onFreshRoster(FreshRoster asked) {
        Roster roster = asked.roster();
        Rendered rendered = onRoster(roster);
        if (rendered.roster.clients() != roster.clients()) {
            // A newer list may show what other servers do not know yet.
            if (lastHeld.roster.clients() != roster.clients()) {
                lastHeld = new Rendered(roster);
            }
            rendered = lastHeld;
        }
        return new byte[][] {rendered.text.join()[0], Replies.freshness(asked).toBytes()};
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
