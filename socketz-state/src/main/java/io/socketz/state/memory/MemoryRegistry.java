package io.socketz.state.memory;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The registry of a server that is alone: its own clients are all there are.
 *
 * <pre>
 *   any thread:    join, leave  --enqueue, in order of number-->  state thread: table
 *                  roster  <--published, while nothing changed--  state thread: snapshot
 * </pre>
 */
public final class MemoryRegistry implements Registry {
    /** A roster, and how many changes had been asked for when it was exact. */
    private record Published(long changes, CompletableFuture<Roster> roster) {}

    private final Member self;
    private final StateThread state;

    /** Held while a change is numbered and enqueued, so that the two orders agree. Never during I/O. */
    private final Object order = new Object();

    /** Written under {@link #order}. */
    private volatile long changesAsked;

    /** Owned by {@link #order}. */
    private long lastNumber;

    /** Owned by {@link #order}. */
    private long lastSince;

    /** By number, in the order in which they joined. Owned by the state thread. */
    private final Map<Long, Client> table = new LinkedHashMap<>();

    /** Owned by the state thread. */
    private long changesMade;

    /** Written by the state thread. */
    private volatile Published published = new Published(0, CompletableFuture.completedFuture(Roster.of(0, List.of())));

    /**
     * An empty registry.
     *
     * @param self the server
     * @param state owns the table; stays open when the registry is closed
     */
    public MemoryRegistry(Member self, StateThread state) {
        this.self = self;
        this.state = state;
    }

    @Override
    public Member self() {
        return self;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Written under the lock.
    public Client join(String address, @Nullable String via) {
        synchronized (order) {
            lastSince = Math.max(lastSince, System.currentTimeMillis());
            Client client = new Client(self.id(), ++lastNumber, address, via, lastSince);
            changesAsked++;
            state.execute(() -> onJoin(client));
            return client;
        }
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // Written under the lock.
    public void leave(Client client) {
        synchronized (order) {
            changesAsked++;
            state.execute(() -> onLeave(client));
        }
    }

    @Override
    public CompletableFuture<Roster> roster() {
        Published last = published;
        if (last.changes == changesAsked) {
            return last.roster;
        }
        CompletableFuture<Roster> answer = new CompletableFuture<>();
        state.execute(() -> answer.complete(onRoster()));
        return answer;
    }

    @Override
    public void close() {
        // The table goes with the process.
    }

    private void onJoin(Client client) {
        table.put(client.number(), client);
        changesMade++;
    }

    private void onLeave(Client client) {
        table.remove(client.number());
        changesMade++;
    }

    private Roster onRoster() {
        if (published.changes != changesMade) {
            Roster roster = Roster.of(changesMade, List.copyOf(table.values()));
            published = new Published(changesMade, CompletableFuture.completedFuture(roster));
        }
        return published.roster.join();
    }
}
