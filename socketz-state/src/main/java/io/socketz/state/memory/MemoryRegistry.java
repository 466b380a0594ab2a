package io.socketz.state.memory;

import io.socketz.state.Client;
import io.socketz.state.Member;
import io.socketz.state.Registry;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The registry of a server that is alone: its own clients are all there are.
 *
 * <pre>
 *   any thread:    join, leave  --enqueue, in order of number-->  state thread: table
 *                  roster  <--published, while nothing changed--  state thread: snapshot, one for all who ask
 * </pre>
 */
public final class MemoryRegistry implements Registry {
    /** A roster, and how many changes had been asked for when it was exact. */
    private record Published(long changes, CompletableFuture<Roster> roster) {}

    private final Member self;
    private final StateThread state;
    private final InstantSource clock;

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

    /** How many changes were taken up, be they of any effect or not. Owned by the state thread. */
    private long changesMade;

    /** How many changes had an effect. Owned by the state thread. */
    private long revision;

    /** The answer to all who ask while none is being made; null when nobody does. */
    private final AtomicReference<@Nullable CompletableFuture<Roster>> asked = new AtomicReference<>();

    /** Written by the state thread. */
    private volatile Published published = new Published(0, CompletableFuture.completedFuture(Roster.of(0, List.of())));

    /** Written under {@link #order}. */
    private volatile boolean closed;

    /**
     * An empty registry.
     *
     * @param self the server
     * @param state owns the table; stays open when the registry is closed
     */
    public MemoryRegistry(Member self, StateThread state) {
        this(self, state, InstantSource.system());
    }

    MemoryRegistry(Member self, StateThread state, InstantSource clock) {
        this.self = self;
        this.state = state;
        this.clock = clock;
    }

    @Override
    public Member self() {
        return self;
    }

    @Override
    public Client join(String address, @Nullable String via) {
        synchronized (order) {
            lastSince = Math.max(lastSince, clock.millis());
            Client client = new Client(self.id(), ++lastNumber, address, via, lastSince);
            change(() -> onJoin(client));
            return client;
        }
    }

    @Override
    public void leave(Client client) {
        synchronized (order) {
            change(() -> onLeave(client));
        }
    }

    @Override
    public CompletableFuture<Roster> roster() {
        if (closed) {
            return CompletableFuture.failedFuture(new IllegalStateException("the registry is closed"));
        }
        Published last = published;
        if (last.changes == changesAsked) {
            return last.roster;
        }
        CompletableFuture<Roster> mine = new CompletableFuture<>();
        CompletableFuture<Roster> shared = asked.compareAndExchange(null, mine);
        if (shared != null) {
            return shared.copy();
        }
        enqueue(mine, this::onAsked);
        return mine.copy();
    }

    @Override
    public void close() {
        // The table goes with the process.
        synchronized (order) {
            closed = true;
        }
    }

    /** Called under {@link #order}. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void change(Runnable change) {
        if (!closed) {
            state.execute(change);
            changesAsked++;
        }
    }

    private void onJoin(Client client) {
        changesMade++;
        revision++;
        table.put(client.number(), client);
    }

    private void onLeave(Client client) {
        changesMade++;
        if (table.remove(client.number(), client)) {
            revision++;
        }
    }

    /**
     * Nobody joins those who ask any more; what they had changed before they asked is in the queue by now, so they are
     * answered behind it. When many join and ask at the same time, this makes one snapshot for all, not one for each.
     */
    private void onAsked() {
        CompletableFuture<Roster> answer = asked.getAndSet(null);
        enqueue(answer, () -> answer.complete(onRoster()));
    }

    /** Whatever happens to {@code task}, who waits for {@code answer} gets to know. */
    private void enqueue(CompletableFuture<Roster> answer, Runnable task) {
        try {
            state.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            asked.compareAndSet(answer, null);
            answer.completeExceptionally(new IllegalStateException("the registry is closed", e));
        }
    }

    private Roster onRoster() {
        Roster roster = published.roster.join();
        if (published.changes != changesMade) {
            if (roster.revision() != revision) {
                roster = Roster.of(revision, List.copyOf(table.values()));
            }
            published = new Published(changesMade, CompletableFuture.completedFuture(roster));
        }
        return roster;
    }
}
