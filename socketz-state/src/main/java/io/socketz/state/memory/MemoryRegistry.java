package io.socketz.state.memory;

import io.socketz.state.AbstractRegistry;
import io.socketz.state.Client;
import io.socketz.state.FreshRoster;
import io.socketz.state.Member;
import io.socketz.state.OrderedClients;
import io.socketz.state.Roster;
import io.socketz.state.StateThread;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The registry of a server without a cluster: it holds this server's clients. */
public final class MemoryRegistry extends AbstractRegistry {
    /** There are no other clocks to agree with, so the order is kept whatever the clock does. */
    private static final Duration ALWAYS_AHEAD = Duration.ofMillis(Long.MAX_VALUE);

    private static final Roster NOBODY = Roster.of(0, List.of());

    /** Owned by the state thread. */
    private final OrderedClients clients = new OrderedClients();

    /** How many changes had an effect. Owned by the state thread. */
    private long version;

    /** The last roster that was asked for. Owned by the state thread. */
    private Roster roster = NOBODY;

    /**
     * An empty registry.
     *
     * @param self the server
     * @param state owns the clients; stays open when the registry is closed
     */
    public MemoryRegistry(Member self, StateThread state) {
        this(self, state, InstantSource.system());
    }

    MemoryRegistry(Member self, StateThread state, InstantSource clock) {
        super(self, state, clock, ALWAYS_AHEAD, NOBODY);
    }

    @Override
    public CompletableFuture<Void> known() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    protected void onJoin(Client client) {
        clients.add(client);
        version++;
    }

    @Override
    protected void onLeave(Client client) {
        if (clients.remove(client)) {
            version++;
        }
    }

    @Override
    protected Roster onRoster() {
        if (roster.version() != version) {
            roster = Roster.of(version, clients.copy());
        }
        return roster;
    }

    @Override
    public CompletableFuture<FreshRoster> freshRoster() {
        return roster().thenApply(roster -> new FreshRoster(roster, true, Duration.ZERO));
    }

    @Override
    protected void onClose(Duration patience) {
        // The clients go with the process.
    }
}
