package io.socketz.state;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What all registries have in common: the side that any thread may call. It numbers the clients, enqueues events for the
 * state thread, and makes one roster for all who ask. The subclass does what happens on that thread: {@code on...}.
 *
 * <pre>{@code
 *   any thread:    join, rename, leave  --enqueue, in this order-->  state thread: onJoin, onRename, onLeave
 *                  roster  <--published, until something changes--  state thread: onRoster, one for all who ask
 * }</pre>
 */
public abstract class AbstractRegistry implements Registry {
    /** A store that has not answered by then will not answer. */
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(3);

    /** A roster, and how many changes it includes. */
    private record Published(long changes, CompletableFuture<Roster> roster) {}

    private final Member self;
    private final StateThread state;

    /** Held while a change is numbered and enqueued, so that the two orders agree. Never held during I/O. */
    private final Object order = new Object();

    /** Held while the registry closes, so that a second call returns when the first one does. */
    private final Object closing = new Object();

    /** Written under {@link #order}. */
    private volatile long changesAsked;

    /** Owned by {@link #order}. */
    private long lastNumber;

    private final InstantSource clock;

    /** Owned by {@link #order}. */
    private final JoinClock joinClock;

    /** How many changes were made, with or without an effect. Owned by the state thread. */
    private long changesMade;

    /** The answer for all who ask until the state thread begins to make it; null when nobody asks. */
    private final AtomicReference<@Nullable CompletableFuture<Roster>> asked = new AtomicReference<>();

    /** Null when the roster has changed by more than what {@link #changesAsked} counts. Written by the state thread. */
    private volatile @Nullable Published published;

    /** Written under {@link #order}. */
    private volatile boolean closed;

    /** Without anyone who serves the clients, there is no connection to be ended. */
    private volatile KickListener kickListener = (client, reason) -> leave(client, KICKED);

    /**
     * An empty registry.
     *
     * @param self the server
     * @param state owns what the registry holds; stays open when the registry is closed
     * @param clock tells when clients join
     * @param maxAhead how far ahead of the clock clients may be stamped, to keep their order after the clock has stepped
     *     back
     * @param first the roster before anything happens
     */
    protected AbstractRegistry(Member self, StateThread state, InstantSource clock, Duration maxAhead, Roster first) {
        this.self = self;
        this.state = state;
        this.clock = clock;
        this.joinClock = new JoinClock(clock, maxAhead);
        this.published = new Published(0, CompletableFuture.completedFuture(first));
    }

    /**
     * A client of this server has joined.
     *
     * @param onAnnounced to be run once, unless {@link #isKnownAtOnce}
     */
    protected abstract void onJoin(Client client, Runnable onAnnounced);

    /** Whether a change is on every fresh roster that is asked for from then on. */
    protected abstract boolean isKnownAtOnce();

    /**
     * A client of this server has another name; perhaps it has left.
     *
     * @param onAnnounced to be run once, unless {@link #isKnownAtOnce}
     */
    protected abstract void onRename(Client client, Runnable onAnnounced);

    /**
     * A client of this server has left. May be called twice. The client may have had another name by then.
     *
     * @param at when, in milliseconds since 1970-01-01T00:00:00Z
     */
    protected abstract void onLeave(Client client, String reason, long at);

    /**
     * Clients of any server are to be disconnected: calls {@link #kicked} for those of this one.
     *
     * @param answer called once, on the state thread
     */
    protected abstract void onKickAsked(List<Client> clients, String reason, Consumer<KickResult> answer);

    /**
     * This server's clients are to be compared with its keys in the store.
     *
     * @param answer called once, on the state thread; hears nothing if the store cannot be read
     */
    protected abstract void onAuditAsked(Consumer<Optional<AuditResult>> answer);

    /** The roster as it is now; the same object as the last time if nothing has changed. */
    protected abstract Roster onRoster();

    /** The subclass's part of {@link #close}; called once, by the thread that closes; may wait. */
    protected abstract void onClose(Duration patience);

    /** The last roster may be out of date for other reasons than joins and leaves. On the state thread. */
    protected final void rosterChanged() {
        published = null;
    }

    /** Whether {@link #close} was called. */
    protected final boolean isClosed() {
        return closed;
    }

    /** The answer once the registry is closed. */
    protected static <T> CompletableFuture<T> closed() {
        return CompletableFuture.failedFuture(new IllegalStateException("the registry is closed"));
    }

    /** The thread that owns what the registry holds. */
    protected final StateThread state() {
        return state;
    }

    @Override
    public final Member self() {
        return self;
    }

    @Override
    public final Client join(String address, @Nullable String via, Runnable onAnnounced) {
        Client client;
        boolean changed;
        synchronized (order) {
            client = new Client(self.id(), ++lastNumber, address, via, joinClock.stamp());
            changed = change(() -> {
                changesMade++;
                onJoin(client, onAnnounced);
            });
        }
        if (!changed || isKnownAtOnce()) {
            onAnnounced.run();
        }
        return client;
    }

    @Override
    public final Client rename(Client client, @Nullable String name, Runnable onAnnounced) {
        Client renamed = client.withName(name);
        boolean changed = false;
        if (client.server().equals(self.id())) {
            synchronized (order) {
                changed = change(() -> {
                    changesMade++;
                    onRename(renamed, onAnnounced);
                });
            }
        }
        if (!changed || isKnownAtOnce()) {
            onAnnounced.run();
        }
        return renamed;
    }

    @Override
    public final void leave(Client client, String reason) {
        if (!Departure.isReason(reason)) {
            throw new IllegalArgumentException("no reason");
        }
        if (client.server().equals(self.id())) {
            long at = clock.millis();
            synchronized (order) {
                var unused = change(() -> {
                    changesMade++;
                    onLeave(client, reason, at);
                });
            }
        }
    }

    @Override
    public final CompletableFuture<KickResult> kick(Collection<Client> clients, String reason) {
        if (!Registry.isKickReason(reason)) {
            throw new IllegalArgumentException("no reason");
        }
        List<Client> asked = List.copyOf(clients);
        return ask(answer -> onKickAsked(asked, reason, answer));
    }

    @Override
    public final CompletableFuture<Optional<AuditResult>> audit() {
        return ask(this::onAuditAsked);
    }

    /** Asks on the state thread. */
    private <T> CompletableFuture<T> ask(Consumer<Consumer<T>> question) {
        if (closed) {
            return closed();
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            state.execute(() -> {
                if (closed) {
                    answer.completeExceptionally(new IllegalStateException("the registry is closed"));
                } else {
                    question.accept(answer::complete);
                }
            });
        } catch (RejectedExecutionException e) {
            return closed();
        }
        return answer;
    }

    @Override
    public final void onKick(KickListener listener) {
        kickListener = listener;
    }

    /** A client of this server is to be disconnected. On the state thread. */
    protected final void kicked(Client client, String reason) {
        kickListener.onKick(client, reason);
    }

    /** Called under {@link #order}. Returns false if the registry is closed. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private boolean change(Runnable change) {
        if (closed) {
            return false;
        }
        changesAsked++; // first: whoever hears of the change gets no roster from before it
        state.execute(change);
        return true;
    }

    @Override
    public final CompletableFuture<Roster> roster() {
        if (closed) {
            return closed();
        }
        Published last = published;
        if (last != null && last.changes == changesAsked) {
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

    /**
     * From now on, questions wait for the next answer. Everything that the askers of this answer had changed before is in the
     * queue by now, so the answer is made after that. When many join and ask at the same time, this makes one snapshot for
     * all, not one for each.
     */
    private void onAsked() {
        CompletableFuture<Roster> answer = asked.getAndSet(null);
        enqueue(answer, () -> answer.complete(publish()));
    }

    /** Makes the roster as it is now, and keeps it for those who ask. On the state thread. */
    protected final Roster publish() {
        Published last = published;
        Roster roster = onRoster();
        if (last == null || last.changes != changesMade || last.roster.join() != roster) {
            published = new Published(changesMade, CompletableFuture.completedFuture(roster));
        }
        return roster;
    }

    /** Runs {@code task} on the state thread; if it fails, so does {@code answer}. */
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

    @Override
    public final void close() {
        close(LONGEST_LEAVE);
    }

    @Override
    public final void close(Duration patience) {
        synchronized (closing) {
            synchronized (order) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            onClose(patience.compareTo(LONGEST_LEAVE) < 0 ? patience : LONGEST_LEAVE);
        }
    }
}
