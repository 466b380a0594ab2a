package io.socketz.state.memory;

import io.socketz.state.AbstractRegistry;
import io.socketz.state.AuditResult;
import io.socketz.state.AuditResult.Difference;
import io.socketz.state.Change;
import io.socketz.state.ChangeFeed;
import io.socketz.state.ChangeListener;
import io.socketz.state.ChangeLog;
import io.socketz.state.Changes;
import io.socketz.state.Client;
import io.socketz.state.Departure;
import io.socketz.state.DepartureLog;
import io.socketz.state.FreshRoster;
import io.socketz.state.KickRequests;
import io.socketz.state.KickResult;
import io.socketz.state.Member;
import io.socketz.state.OrderedClients;
import io.socketz.state.PresenceCounter;
import io.socketz.state.RegistryMetrics;
import io.socketz.state.RegistryMetrics.JoinsAndLeaves;
import io.socketz.state.RegistryMetrics.RosterGauges;
import io.socketz.state.Roster;
import io.socketz.state.Roster.ServerPart;
import io.socketz.state.StateThread;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** The registry of a server without a cluster: it holds this server's clients. */
public final class MemoryRegistry extends AbstractRegistry {
    /** There are no other clocks to agree with, so the order is kept whatever the clock does. */
    private static final Duration ALWAYS_AHEAD = Duration.ofMillis(Long.MAX_VALUE);

    /** Owned by the state thread. */
    private final OrderedClients clients = new OrderedClients(Client.JOIN_ORDER);

    /** The same clients. Owned by the state thread. */
    private final OrderedClients byNumber = new OrderedClients(Client.NUMBER_ORDER);

    /** Owned by the state thread. */
    private final DepartureLog departures = new DepartureLog();

    /** Owned by the state thread. */
    private final KickRequests kicks = new KickRequests();

    /** How many changes had an effect. Owned by the state thread. */
    private long version;

    /** As it was after the last change. Written by the state thread. */
    private volatile RosterGauges gauges = gauges(0, 0);

    private final PresenceCounter counter = new PresenceCounter();

    /** Owned by the state thread. */
    private final ChangeLog log = new ChangeLog(ChangeLog.DEFAULT_MAX_BYTES);

    /** The last roster that was asked for. Owned by the state thread. */
    private Roster roster;

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
        this(self, state, clock, Roster.of(0, List.of(), List.of(new ServerPart(self, List.of())), List.of()));
    }

    private MemoryRegistry(Member self, StateThread state, InstantSource clock, Roster nobody) {
        super(self, state, clock, ALWAYS_AHEAD, nobody);
        roster = nobody;
    }

    @Override
    public CompletableFuture<Void> known() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    protected void onJoin(Client client, Runnable onAnnounced) {
        clients.add(client);
        byNumber.add(client);
        changed(new Change.Joined(client));
    }

    @Override
    protected boolean isKnownAtOnce() {
        return true;
    }

    @Override
    protected void onRename(Client client, Runnable onAnnounced) {
        Client before = byNumber.find(client);
        if (before != null && !Objects.equals(before.name(), client.name())) {
            byNumber.put(client);
            clients.put(client);
            changed(new Change.Renamed(before, client));
        }
    }

    @Override
    protected void onLeave(Client client, String reason, long at) {
        Client gone = byNumber.remove(client);
        if (gone != null) {
            clients.remove(gone);
            departures.add(new Departure(gone, reason, at, version + 1));
            changed(new Change.Left(gone, reason));
            checkKicks();
        }
    }

    private void changed(Change change) {
        version++;
        gauges = gauges(byNumber.size(), version);
        counter.onChanges(List.of(change));
        log.add(new Changes(version, List.of(change)));
    }

    private static RosterGauges gauges(int clients, long version) {
        return new RosterGauges(clients, 1, version, 0, true);
    }

    @Override
    public RegistryMetrics metrics() {
        JoinsAndLeaves all = counter.read();
        return new RegistryMetrics(gauges, all, all, 0, Optional.empty());
    }

    @Override
    public ChangeFeed changes() {
        return new ChangeFeed() {
            @Override
            public Roster state() {
                return onRoster();
            }

            @Override
            public Optional<List<Changes>> since(long revision) {
                return revision > version ? Optional.empty() : log.since(revision);
            }

            @Override
            public void listen(ChangeListener listener) {
                log.listen(listener);
            }
        };
    }

    @Override
    protected void onKickAsked(List<Client> asked, String reason, Consumer<KickResult> answer) {
        long now = System.nanoTime();
        kicks.add(now, asked, answer);
        for (Client client : asked) {
            Client own = byNumber.find(client);
            if (own != null && client.server().equals(self().id())) {
                kicked(own, reason);
            }
        }
        checkKicks();
        state().executeAt(now + KickRequests.PATIENCE.toNanos(), this::checkKicks);
    }

    /** There is no store that could differ. */
    @Override
    protected void onAuditAsked(Consumer<Optional<AuditResult>> answer) {
        answer.accept(Optional.of(new AuditResult(Difference.NONE, Difference.NONE, 0, 0, byNumber.size(), version)));
    }

    private void checkKicks() {
        kicks.check(System.nanoTime(), version, this::isGone, client -> {});
    }

    private boolean isGone(Client client) {
        return !client.server().equals(self().id()) || byNumber.find(client) == null;
    }

    @Override
    protected Roster onRoster() {
        if (roster.version() != version) {
            ServerPart own = new ServerPart(self(), byNumber.copy());
            roster = Roster.of(version, clients.copy(), List.of(own), departures.copy());
        }
        return roster;
    }

    @Override
    public CompletableFuture<FreshRoster> freshRoster() {
        return roster().thenApply(roster -> new FreshRoster(roster, true, Duration.ZERO));
    }

    /** The clients go with the process; whoever waits for a kick is answered. */
    @Override
    protected void onClose(Duration patience) {
        try {
            state().execute(() -> kicks.end(version));
        } catch (RejectedExecutionException e) {
            // The state thread has ended, and with it whatever was asked.
        }
    }
}
